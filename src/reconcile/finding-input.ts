// What findings about the tenant are looked for in: rows, lists, and each row beside its token. Pure.

import { serialKey, userKey } from '../lookup-key.js';
import type { DesiredRow, DesiredRows } from '../manifest/row.js';
import type { HeldToken } from '../tenant/methods.js';
import type { Device, Observed, User } from '../tenant/observed.js';
import type { OrdinaryRows } from './ordinary-rows.js';
import type { Finding } from './verdict.js';

/** What findings are looked for in. */
export interface FindingInput {
  readonly rows: DesiredRows;
  readonly devices: Observed['devices'];
  /** The users that the rows name, by `userKey`. */
  readonly users: Observed['users'];
  /**
   * Holders whom no row names, as far as they were looked up (`holdersToLookUp`), by object id; `undefined` for
   * an account that is not there any more.
   */
  readonly holders: ReadonlyMap<string, User | undefined>;
  /** The tokens of the users who were asked themselves, by object id. */
  readonly methods: ReadonlyMap<string, readonly HeldToken[]>;
  /** Whether the rows are meant to be all tokens of the tenant. */
  readonly unlisted: boolean;
  /** Rows that are held as planned. */
  readonly ordinary?: OrdinaryRows;
  /** Present when a token may not wait for ever: since when tokens are assigned, and what is too long ago. */
  readonly waiting?: {
    readonly since: Pick<ReadonlyMap<string, string>, 'get'>;
    readonly tooLongAgo: string;
  };
}

const NONE: readonly Device[] = [];

/** A row that was accepted, with its user and the one token that it means. */
export interface Placed {
  readonly row: DesiredRow;
  readonly userId: string;
  readonly user: User | undefined;
  /** All tokens with its serial number. */
  readonly found: readonly Device[];
  /** The one, where there is one. */
  readonly device: Device | undefined;
}

/**
 * The rows that were accepted, each beside its user and token: one after the other, for a million of them with what
 * belongs to them would fill the memory.
 *
 * @param passedOver - rows that need not be looked at.
 */
export function* placed(
  { rows, devices, users }: Pick<FindingInput, 'rows' | 'devices' | 'users'>,
  passedOver: (n: number) => boolean = () => false,
): Generator<Placed, void> {
  for (let n = 0; n < rows.length; n += 1) {
    const row = passedOver(n) ? undefined : rows.at(n);
    if (row === undefined || row.invalid !== undefined) continue;
    const user = row.user === undefined ? undefined : users.get(userKey(row.user));
    const found = devices.get(serialKey(row.serialNumber)) ?? NONE;
    yield { row, userId: user?.id ?? '', user, found, device: found.length === 1 ? found[0] : undefined };
  }
}

/** What a finding about a row's token begins with. */
export function at(
  row: DesiredRow,
  device: Device,
): Pick<Finding, 'serialNumber' | 'deviceId' | 'file' | 'line'> {
  const { file, line } = row.address;
  return { serialNumber: row.serialNumber, deviceId: device.id, file, line };
}
