// What the reports of an audit count together: the kinds of tokens, the states, and the users who hold many.
// Everything comes from the rows, so that a report that is written again says the same. Pure.

import type { AuditedToken, FindingKind, RowVerdict, Verdict } from '../reconcile/verdict.js';
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

/** What an audit counts, from one look at each token. */
export interface Figures {
  readonly states: States;
  /** Users who hold four tokens or more, those with most first. */
  readonly holders: readonly Holder[];
  /** The makes of tokens, the most frequent first. */
  readonly makes: readonly Make[];
}

export function figuresOf({ rows, summary: { verdicts } }: ReportInput): Figures {
  const users = new HolderCounts();
  const makes = new MakeCounts();
  let [neverUsed, failed] = [0, 0];
  for (const row of rows) {
    const { verdict, token } = row;
    if (token === undefined) continue;
    users.count(row, token);
    makes.count(verdict, token);
    if (verdict === 'activated' && token.lastUsed === '') neverUsed += 1;
    if (token.status === 'failedActivation') failed += 1;
  }
  const { activated, assigned, 'in-inventory': inInventory } = verdicts;
  return {
    states: { activated, neverUsed, assigned, failed, inInventory, users: users.size },
    holders: users.nearLimit(),
    makes: makes.list(),
  };
}

class HolderCounts {
  /** How many tokens there are of users who hold so many. */
  readonly #tokensBy = new Map<number, number>();
  readonly #near = new Map<string, Counted<Holder> & { readonly serialNumbers: string[] }>();

  count({ userId, user, serialNumber }: RowVerdict, { heldByUser, account }: AuditedToken): void {
    if (heldByUser > 0) this.#tokensBy.set(heldByUser, (this.#tokensBy.get(heldByUser) ?? 0) + 1);
    if (heldByUser < NEAR_LIMIT) return;
    const known = this.#near.get(userId);
    if (known === undefined) this.#near.set(userId, { user, userId, account, serialNumbers: [serialNumber] });
    else known.serialNumbers.push(serialNumber);
  }

  /** How many users there are. */
  get size(): number {
    return [...this.#tokensBy].reduce((sum, [held, tokens]) => sum + tokens / held, 0);
  }

  nearLimit(): readonly Holder[] {
    return [...this.#near.values()].sort(
      (one, other) => other.serialNumbers.length - one.serialNumbers.length,
    );
  }
}

class MakeCounts {
  readonly #makes = new Map<string, Counted<Make>>();

  count(verdict: Verdict, { manufacturer, model, timeInterval, hashFunction }: AuditedToken): void {
    const key = JSON.stringify([manufacturer, model, timeInterval, hashFunction]);
    const known = this.#makes.get(key) ?? {
      ...{ manufacturer, model, timeInterval, hashFunction },
      ...{ tokens: 0, activated: 0, assigned: 0, inInventory: 0 },
    };
    this.#makes.set(key, known);
    known.tokens += 1;
    if (verdict === 'activated') known.activated += 1;
    if (verdict === 'assigned') known.assigned += 1;
    if (verdict === 'in-inventory') known.inInventory += 1;
  }

  list(): readonly Make[] {
    return [...this.#makes.values()].sort((one, other) => other.tokens - one.tokens);
  }
}
