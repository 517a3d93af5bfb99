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
export function holdersNearLimit(rows: Iterable<RowVerdict>): readonly Holder[] {
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

/** The same while it is counted. */
type Counted<Value> = { -readonly [Key in keyof Value]: Value[Key] };

/** The makes of tokens, the most frequent first. */
export function makesOf(rows: Iterable<RowVerdict>): readonly Make[] {
  const makes = new Map<string, Counted<Make>>();
  for (const { token, verdict } of rows) {
    if (token === undefined) continue;
    const { manufacturer, model, timeInterval, hashFunction } = token;
    const key = JSON.stringify([manufacturer, model, timeInterval, hashFunction]);
    const known = makes.get(key) ?? {
      ...{ manufacturer, model, timeInterval, hashFunction },
      ...{ tokens: 0, activated: 0, assigned: 0, inInventory: 0 },
    };
    makes.set(key, known);
    known.tokens += 1;
    if (verdict === 'activated') known.activated += 1;
    if (verdict === 'assigned') known.assigned += 1;
    if (verdict === 'in-inventory') known.inInventory += 1;
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
  /** How many tokens there are of users who hold so many. */
  const tokensBy = new Map<number, number>();
  let [neverUsed, failed] = [0, 0];
  for (const { verdict, token } of rows) {
    const held = token?.heldByUser ?? 0;
    if (held > 0) tokensBy.set(held, (tokensBy.get(held) ?? 0) + 1);
    if (verdict === 'activated' && token?.lastUsed === '') neverUsed += 1;
    if (token?.status === 'failedActivation') failed += 1;
  }
  return {
    activated: summary.verdicts.activated,
    neverUsed,
    assigned: summary.verdicts.assigned,
    failed,
    inInventory: summary.verdicts['in-inventory'],
    users: [...tokensBy].reduce((sum, [held, tokens]) => sum + tokens / held, 0),
  };
}
