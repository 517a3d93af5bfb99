// The network between the lives of the program and the emulator: it can be cut, and it keeps the book about
// what was sent for which row.

import type { HttpRequest, HttpResult, Transport } from '../../src/graph/transport.js';

const LOST: HttpResult = { kind: 'lost', reason: 'socket hang up' };

/** What a write is about: the same for every request of one action. Empty for a read. */
function keysOf({ method, url, body }: HttpRequest): readonly string[] {
  if (method === 'GET' || url.endsWith('/$batch')) return [];
  const content: unknown = body === undefined ? undefined : JSON.parse(body);
  if (typeof content !== 'object' || content === null) return [`${method} ${url}`];
  if ('serialNumber' in content) return [`create ${String(content.serialNumber)}`];
  if ('device' in content) return [`assign ${JSON.stringify(content.device)} ${url}`];
  if (!('value' in content) || !Array.isArray(content.value)) return [`${method} ${url}`];
  // A request for many tokens is about each of them.
  return content.value.flatMap((item: unknown) =>
    typeof item === 'object' && item !== null && 'serialNumber' in item
      ? [`create ${String(item.serialNumber)}`]
      : [],
  );
}

export class Wire {
  /** What must never be: sentences. */
  readonly violations: string[] = [];
  writes = 0;
  /** 429, and 401 before its token was renewed: definite answers that cost a row nothing. */
  refusedForNow = 0;
  readonly #inner: Transport;
  readonly #cuts = new Set<() => void>();

  constructor(inner: Transport) {
    this.#inner = inner;
  }

  /** Every connection breaks; what has arrived takes its course. */
  cut(): void {
    for (const cut of this.#cuts) cut();
    this.#cuts.clear();
  }

  /** The way of one life. Once its ledger has failed, nothing more may be written. */
  ofOneLife(hasLedgerFailed: () => boolean = () => false): Transport {
    const inFlight = new Set<string>();
    const succeeded = new Set<string>();
    return {
      close: () => this.#inner.close(),
      send: async (request) => {
        const keys = keysOf(request);
        if (keys.length === 0) return this.#exchange(request);
        this.writes += 1;
        if (hasLedgerFailed()) this.violations.push(`S6: sent after the ledger had failed: ${keys.join()}`);
        for (const key of keys) {
          if (inFlight.has(key)) this.violations.push(`S6: two requests in flight for ${key}`);
          if (succeeded.has(key)) this.violations.push(`S6: sent again after a success: ${key}`);
          inFlight.add(key);
        }
        const result = await this.#exchange(request);
        for (const key of keys) inFlight.delete(key);
        if (result.kind !== 'answer') return result;
        if (result.status === 429 || result.status === 401) this.refusedForNow += 1;
        const isSuccess = result.status >= 200 && result.status < 300 && isJson(result.body);
        // A request for many tokens may succeed without some of them.
        if (isSuccess && request.method !== 'PATCH') for (const key of keys) succeeded.add(key);
        return result;
      },
    };
  }

  #exchange(request: HttpRequest): Promise<HttpResult> {
    return new Promise((resolve, reject) => {
      const cut = (): void => resolve(LOST);
      this.#cuts.add(cut);
      this.#inner
        .send(request)
        .finally(() => this.#cuts.delete(cut))
        .then(resolve, reject);
    });
  }
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    // A success that cannot be read is no success to the program.
    return body === '';
  }
}
