// What stands against a row before anything is sent: it was refused by the readers, or the tenant contradicts it.
// Pure.

import type { DesiredRow } from '../manifest/row.js';
import type { Device, User } from '../tenant/observed.js';
import type { PlanRules } from './rules.js';
import { type Expectation, givesToken, type TenantView } from './way.js';

/** A row that is decided before anything is sent. */
export interface EarlyVerdict {
  readonly verdict: 'conflict' | 'invalid';
  readonly reason: string;
  readonly detail: string;
  readonly next: string;
}

/** A row with what the tenant shows of it. */
export interface Seen {
  readonly row: DesiredRow;
  readonly rules: PlanRules;
  /** The tokens with its serial number. */
  readonly devices: readonly Device[];
  /** The user whom it names, when there is one. */
  readonly user: User | undefined;
  /** Whether this program is to activate the token. */
  readonly activates: boolean;
  /** What the tenant shall show in the end, when nothing stands against it. */
  readonly expect: Expectation;
  readonly tenant: TenantView;
}

/** What stands against a row, if anything does. */
export function decide(seen: Seen): EarlyVerdict | undefined {
  const { row, rules, devices, user } = seen;
  if (row.invalid !== undefined) {
    return {
      verdict: 'invalid',
      reason: row.invalid.reason,
      detail: sentence(row.invalid.detail),
      next: 'Mend the line and run the job again; the rows that are done are not touched.',
    };
  }
  const [device, ...others] = devices;
  if (others.length > 0) {
    return {
      verdict: 'conflict',
      reason: 'serial-ambiguous',
      detail: `The tenant holds ${devices.length} tokens with this serial number.`,
      next: 'Delete the wrong ones from the inventory, then run the job again.',
    };
  }
  if (row.user !== undefined && user === undefined) {
    return {
      verdict: 'invalid',
      reason: 'user-not-found',
      detail: `The tenant has no user ${row.user}${where(row)}.`,
      next: 'Correct the user in the list, or create the account, then run the job again.',
    };
  }
  if (!givesToken(row)) return undefined;
  if (user?.isGuest === true) {
    return {
      verdict: 'invalid',
      reason: 'user-is-guest',
      detail: `${row.user ?? ''} is a guest; Entra gives hardware tokens to members only${where(row)}.`,
      next: 'Name a member of this tenant, then run the job again.',
    };
  }
  if (device === undefined && row.token === undefined) {
    return {
      verdict: 'invalid',
      reason: 'token-not-found',
      detail: 'The serial number stands in no manifest, and the tenant has no such token.',
      next: 'Add the manifest that this token came in, or correct the serial number.',
    };
  }
  const holderId = device?.assignedToId;
  if (rules.mode !== 'exact' && user !== undefined && holderId !== undefined && holderId !== user.id) {
    return {
      verdict: 'conflict',
      reason: 'held-by-other',
      detail: `The token is held by another user (${holderId}), ${device?.status ?? ''}.`,
      next: 'Find out who has it in hand; take it back from that user before it is given to this one.',
    };
  }
  const isNew = row.action === 'recreate' || holderId !== user?.id;
  if (!seen.activates || (device?.status === 'activated' && !isNew)) return undefined;
  return decideActivation(row, isNew ? undefined : device);
}

/**
 * A token that failed to be activated is left alone: more codes from the same secret would fail as well, and
 * what wrong codes do to a token in the end is not documented (graph-api.md, section 12).
 */
function decideActivation(row: DesiredRow, device: Device | undefined): EarlyVerdict | undefined {
  if (device?.status === 'failedActivation') {
    return {
      verdict: 'invalid',
      reason: 'activation-failed',
      detail: 'An activation of this token has failed before; no further code was sent.',
      next: 'Compare the secret with the vendor, or let the holder try at https://aka.ms/mysecurityinfo.',
    };
  }
  if (row.token === undefined && row.code === undefined) {
    return {
      verdict: 'invalid',
      reason: 'secret-not-known',
      detail: 'A code is to be computed, and no manifest has the secret of this token.',
      next: 'Add the manifest that this token came in, or leave the activation to its holder.',
    };
  }
  return undefined;
}

function where(row: DesiredRow): string {
  const address = row.userAddress;
  return address === undefined ? '' : ` (${address.file}:${address.line})`;
}

/** What the manifest stage says about a line is a clause, to stand behind the line's address. */
function sentence(clause: string): string {
  const text = clause.replace(/^./u, (first) => first.toUpperCase());
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
