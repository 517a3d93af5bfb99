// What the reports of an audit count together: the kinds of tokens, the states, and the users who hold many.
// Everything comes from the rows, so that a report that is written again says the same. Pure.

import type { AuditedToken, FindingKind, RowVerdict } from '../reconcile/verdict.js';
import type { ReportInput } from './model.js';

/** An audit's reports have a layout of their own. */
export function isAudit({ summary }: Pick<ReportInput, 'summary'>): boolean {
  return summary.kind === 'audit';
}

/** Five is the most that Entra allows, and authenticator apps count as well (graph-api.md, section 2.4). */
const NEAR_LIMIT = 4;

export interface Holder {
  readonly user: string;
  readonly userId: string;
  readonly account: AuditedToken['account'];
  readonly serialNumbers: readonly string[];
}

/** Users who hold four tokens or more, those with most first. */
export function holdersNearLimit(rows: readonly RowVerdict[]): readonly Holder[] {
  const holders = new Map<string, { user: string; account: AuditedToken['account']; serials: string[] }>();
  for (const { token, userId, user, serialNumber } of rows) {
    if (token === undefined || token.heldByUser < NEAR_LIMIT) continue;
    const known = holders.get(userId);
    if (known === undefined) holders.set(userId, { user, account: token.account, serials: [serialNumber] });
    else known.serials.push(serialNumber);
  }
  return [...holders]
    .map(([userId, { user, account, serials }]) => ({ user, userId, account, serialNumbers: serials }))
    .sort((one, other) => other.serialNumbers.length - one.serialNumbers.length);
}

/** Tokens of one make. */
export interface Make {
  readonly manufacturer: string;
  readonly model: string;
  readonly timeInterval: number | null;
  readonly hashFunction: string;
  readonly tokens: number;
  readonly activated: number;
  readonly assigned: number;
  readonly inInventory: number;
}

/** The makes of tokens, the most frequent first. */
export function makesOf(rows: readonly RowVerdict[]): readonly Make[] {
  const makes = new Map<string, Make>();
  for (const { token, verdict } of rows) {
    if (token === undefined) continue;
    const { manufacturer, model, timeInterval, hashFunction } = token;
    const key = JSON.stringify([manufacturer, model, timeInterval, hashFunction]);
    const known = makes.get(key) ?? {
      ...{ manufacturer, model, timeInterval, hashFunction },
      ...{ tokens: 0, activated: 0, assigned: 0, inInventory: 0 },
    };
    makes.set(key, {
      ...known,
      tokens: known.tokens + 1,
      activated: known.activated + (verdict === 'activated' ? 1 : 0),
      assigned: known.assigned + (verdict === 'assigned' ? 1 : 0),
      inInventory: known.inInventory + (verdict === 'in-inventory' ? 1 : 0),
    });
  }
  return [...makes.values()].sort((one, other) => other.tokens - one.tokens);
}

/** What is to be said of each token, by its id in the tenant. */
export function findingsByToken({ findings }: ReportInput): ReadonlyMap<string, readonly FindingKind[]> {
  const kinds = new Map<string, FindingKind[]>();
  for (const { kind, deviceId } of findings) {
    for (const id of deviceId.split(' ')) {
      const known = kinds.get(id);
      if (known === undefined) kinds.set(id, [kind]);
      else if (!known.includes(kind)) known.push(kind);
    }
  }
  return kinds;
}

/** How the audit's tokens are, for a person. */
export interface States {
  readonly activated: number;
  readonly neverUsed: number;
  readonly assigned: number;
  readonly failed: number;
  readonly inInventory: number;
  readonly users: number;
}

export function statesOf({ rows, summary }: ReportInput): States {
  return {
    activated: summary.verdicts.activated,
    neverUsed: rows.filter(({ verdict, token }) => verdict === 'activated' && token?.lastUsed === '').length,
    assigned: summary.verdicts.assigned,
    failed: rows.filter(({ token }) => token?.status === 'failedActivation').length,
    inInventory: summary.verdicts['in-inventory'],
    users: new Set(rows.flatMap(({ userId }) => (userId === '' ? [] : [userId]))).size,
  };
}
