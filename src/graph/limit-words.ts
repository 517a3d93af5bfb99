// What the service says of its limits beside Retry-After: which one was reached, and how much of one is used.
// Nothing is decided by it, because these headers are seldom sent; it is kept for those who look for the reason.
//
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits: a 429 has
// `x-ms-throttle-scope` (`Tenant_Application/Write/…`) and `x-ms-throttle-information` (`WriteLimitExceeded`),
// a success from 0.8 of a limit on `x-ms-throttle-limit-percentage` (throttling.md, section 1).

import type { HttpAnswer } from './transport.js';

/** A limit that the service named when it answered 429. */
export interface NamedLimit {
  /** Whose limit, without ids, as `Tenant_Application/Write`; empty when it was not said. */
  readonly scope: string;
  /** Which, as `WriteLimitExceeded`; empty when it was not said. */
  readonly reason: string;
  /** Answers that named it. */
  readonly count: number;
}

/** What was said in all. */
export interface LimitWords {
  readonly named: readonly NamedLimit[];
  /** The highest share of a limit that was said to be used, 1 being the whole; absent when nothing was said. */
  readonly highestShare?: number;
}

/** There are a handful of them; more would be somebody's mistake, and are not kept. */
const KINDS_MAX = 16;

/** None of them is longer; what is, is cut. */
const LENGTH_MAX = 80;

const ID = /^[0-9a-f-]{36}$/i;

export class LimitListener {
  readonly #named = new Map<string, NamedLimit>();
  #highestShare: number | undefined;

  /** Takes up what an answer says of limits, if it does. */
  heard({ status, headers }: Pick<HttpAnswer, 'status' | 'headers'>): void {
    const share = Number(headers['x-ms-throttle-limit-percentage']);
    if (share > 0 && Number.isFinite(share)) this.#highestShare = Math.max(share, this.#highestShare ?? 0);
    if (status !== 429) return;
    const scope = withoutIds(headers['x-ms-throttle-scope'] ?? '');
    const reason = (headers['x-ms-throttle-information'] ?? '').slice(0, LENGTH_MAX);
    if (scope === '' && reason === '') return;
    const key = `${scope} ${reason}`;
    const known = this.#named.get(key);
    if (known === undefined && this.#named.size >= KINDS_MAX) return;
    this.#named.set(key, { scope, reason, count: (known?.count ?? 0) + 1 });
  }

  /** What was said so far, the most frequent limit first. */
  words(): LimitWords {
    const named = [...this.#named.values()].sort((one, other) => other.count - one.count);
    return { named, ...(this.#highestShare === undefined ? {} : { highestShare: this.#highestShare }) };
  }
}

/** The application and the tenant are known, and belong in no report that is sent round. */
function withoutIds(scope: string): string {
  return scope
    .split('/')
    .filter((part) => part !== '' && !ID.test(part))
    .join('/')
    .slice(0, LENGTH_MAX);
}
