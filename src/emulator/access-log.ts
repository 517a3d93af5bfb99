// What came in and what became of it: the ground truth about requests. Bodies are never in it, because a
// body can hold a secret.

import type { FaultName } from './settings.js';

/** One operation, or the envelope of a `$batch`. */
export interface AccessEntry {
  /** From 1, in the order of arrival. */
  readonly seq: number;
  /** Wall clock: arrival, and when the answer left; `undefined` while it has not. */
  readonly atMs: number;
  readonly endedAtMs: number | undefined;
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly requestId: string;
  readonly clientRequestId: string;
  /** As the client saw it; `pending` while there is no answer. */
  readonly status: number | 'reset' | 'pending';
  /** Whether it changed the tenant, whatever the client was told. */
  readonly effect: boolean;
  readonly write: boolean;
  readonly fault: FaultName | undefined;
  /** The envelope of an operation that came inside a `$batch`. */
  readonly batch: number | undefined;
}

export interface Counters {
  /** HTTP requests, a `$batch` counting as one. */
  readonly http: number;
  /** Operations judged by the limits, those inside a `$batch` one by one: reads and writes. */
  readonly requests: number;
  readonly reads: number;
  readonly writes: number;
  /** Operations refused with 429. */
  readonly throttled: number;
}

export type MutableEntry = { -readonly [Key in keyof AccessEntry]: AccessEntry[Key] };

export class AccessLog {
  readonly counters: { -readonly [Key in keyof Counters]: Counters[Key] } = {
    ...{ http: 0, requests: 0, reads: 0, writes: 0, throttled: 0 },
  };
  readonly #limit: number;
  #entries: MutableEntry[] = [];
  #last = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The newest requests, in the order of arrival. */
  get entries(): readonly AccessEntry[] {
    return this.#newest();
  }

  open(
    what: Pick<AccessEntry, 'atMs' | 'method' | 'path' | 'requestId' | 'clientRequestId' | 'write' | 'batch'>,
  ): MutableEntry {
    this.#last += 1;
    // A client that filters by secret makes a mistake, and the mistake must not put the secret in here.
    const path = /secret/i.test(what.path) ? what.path.replace(/\?.*$/s, '?…') : what.path;
    const entry: MutableEntry = {
      ...what,
      ...{ path, seq: this.#last, endedAtMs: undefined, status: 'pending', effect: false, fault: undefined },
    };
    this.#entries.push(entry);
    // Trimmed only now and then, so that it costs nothing per request.
    if (this.#entries.length > 2 * this.#limit + 1_000) this.#entries = this.#newest();
    return entry;
  }

  #newest(): MutableEntry[] {
    return this.#entries.slice(Math.max(0, this.#entries.length - this.#limit));
  }
}
