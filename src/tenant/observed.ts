// The vocabulary of the tenant stage: what list calls have shown.

import type { IdCounts } from '../compact/id-counts.js';
import type { IdIndex } from '../compact/id-index.js';
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
}

/** Tokens by `serialKey`. */
export interface Devices extends ReadonlyMap<string, readonly Device[]> {
  /** The tokens by position, where that is to be had. */
  readonly places?: TokenPlaces;
  /** The ids of the tokens, and of users, where they are to be had. */
  readonly ids?: IdIndex;
  readonly people?: IdIndex;
  /**
   * The holder of the one token under a key, without the rest of it, where that is to be had: empty when nobody holds
   * it, or there is not one token.
   */
  readonly soleHolder?: (key: string) => string;
  /** How many tokens each user holds, where that is to be had. */
  readonly heldCounts?: () => IdCounts;
  /** Requests that it took to list them. */
  readonly pages?: number;
}

/** Users by `userKey` of the name as it stands in the files. One who does not exist is `undefined`. */
export interface Users extends ReadonlyMap<string, User | undefined> {
  /** The id of a user without the rest, where that is to be had; empty for one who does not exist. */
  readonly idOf?: (key: string) => string;
}

/** The tenant as it was seen. */
export interface Observed {
  /** By `serialKey`. More than one device under a key is a finding. */
  readonly devices: Devices;
  readonly users: Users;
  /** The tokens of the users who were asked themselves, by object id; left out when nobody was. */
  readonly methods?: ReadonlyMap<string, readonly HeldToken[]>;
}
