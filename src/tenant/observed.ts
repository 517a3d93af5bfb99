// The vocabulary of the tenant stage: what list calls have shown.

import type { IdCounts } from '../compact/id-counts.js';
import type { IdIndex } from '../compact/id-index.js';
import type { Make } from '../compact/make-column.js';
import type { NumberColumn } from '../compact/number-column.js';
import type { TextIndex } from '../compact/text-index.js';
import type { Device } from '../graph/device.js';
import type { HeldToken } from './methods.js';

export type { Device } from '../graph/device.js';

/** A user who was looked up. */
export interface User {
  readonly id: string;
  readonly userPrincipalName: string;
  /** `undefined` when the service did not say. */
  readonly accountEnabled: boolean | undefined;
  readonly isGuest: boolean;
}

/** Tokens by their positions, each of which is one token. */
export interface TokenPlaces {
  /** How many tokens there are. */
  readonly length: number;
  /** Where tokens are, in the order in which they were first met. */
  positions(): Iterable<number>;
  /** Where the tokens under a `serialKey` are. */
  positionsOf(key: string): readonly number[];
  /** The `serialKey` of the token at a position. */
  keyAt(position: number): string;
  /** The token at a position that is one. */
  deviceAt(position: number): Device;
  /** Whether the list shows the token at a position, and none beside it with its serial number. */
  isAlone(position: number): boolean;
  /** What {@link deviceAt} says of it, without the rest: the holder by the position among the users' ids, −1 for none. */
  holderAt(position: number): number;
  statusAt(position: number): string;
  makeAt(position: number): Make;
}

/** Tokens by `serialKey`. */
export interface Devices extends ReadonlyMap<string, readonly Device[]> {
  /** The tokens by position, where that is to be had. */
  readonly places?: TokenPlaces;
  /** The ids of the tokens, and of users, where they are to be had. */
  readonly ids?: IdIndex;
  readonly people?: IdIndex;
  /** How many tokens each user holds, where that is to be had. */
  readonly heldCounts?: () => IdCounts;
  /** Requests that it took to list them. */
  readonly pages?: number;
}

/** Users by `userKey` of the name as it stands in the files. One who does not exist is `undefined`. */
export interface Users extends ReadonlyMap<string, User | undefined> {
  /** The users by the positions of their keys and ids, where that is to be had. */
  readonly places?: UserPlaces;
}

/** Users by the positions of their keys, and of their ids among all people. */
export interface UserPlaces {
  readonly names: TextIndex;
  readonly people: IdIndex;
  /** Where the id of a member stands who was found under a name; −1 for a guest, and for one who was not. */
  memberAt(name: number): number;
  /** Which people were found, and which of them are disabled: 1 for those. */
  peopleFound(): Pick<NumberColumn, 'at'>;
  peopleDisabled(): Pick<NumberColumn, 'at'>;
}

/** The tenant as it was seen. */
export interface Observed {
  /** By `serialKey`. More than one device under a key is a finding. */
  readonly devices: Devices;
  readonly users: Users;
  /** The tokens of the users who were asked themselves, by object id; left out when nobody was. */
  readonly methods?: ReadonlyMap<string, readonly HeldToken[]>;
}
