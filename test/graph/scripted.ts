// A client over a transport that answers by a script, and remembers what it was asked.

import { setMaxListeners } from 'node:events';
import type { Clock } from '../../src/clock.js';
import { GraphClient, type GraphClientOptions } from '../../src/graph/client.js';
import { fixedToken, type TokenSource } from '../../src/graph/credential.js';
import { Limiter } from '../../src/graph/limiter.js';
import { Pacer } from '../../src/graph/pacer.js';
import type { HttpRequest, HttpResult, Transport } from '../../src/graph/transport.js';
import { silentLog } from '../../src/log.js';
import { seededRandom } from '../../src/random.js';
import { intoBytes } from '../into-bytes.js';

export const BASE = 'https://graph.test/beta';

/** An answer with a JSON body. */
export function answer(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): HttpResult {
  return { kind: 'answer', status, headers, body: body === undefined ? '' : JSON.stringify(body) };
}

export const LOST: HttpResult = { kind: 'lost', reason: 'socket hang up' };
export const NOT_SENT: HttpResult = { kind: 'not-sent', reason: 'connect ECONNREFUSED' };

type Script = readonly HttpResult[] | ((request: HttpRequest, n: number) => HttpResult | Promise<HttpResult>);

export class ScriptedTransport implements Transport {
  readonly requests: HttpRequest[] = [];
  /** When each request was sent. */
  readonly sentAtMs: number[] = [];
  readonly #script: Script;
  readonly #clock: Clock;

  constructor(clock: Clock, script: Script) {
    this.#clock = clock;
    this.#script = script;
  }

  async send(request: HttpRequest): Promise<HttpResult> {
    const n = this.requests.length;
    this.requests.push(request);
    this.sentAtMs.push(this.#clock.monotonicMs());
    if (typeof this.#script === 'function') return intoBytes(request, await this.#script(request, n));
    const result = this.#script[n];
    if (result === undefined) throw new Error(`the script has no answer number ${n + 1} to ${request.url}`);
    return intoBytes(request, result);
  }

  async close(): Promise<void> {
    this.requests.length = 0;
  }
}

export interface Scripted {
  readonly client: GraphClient;
  readonly transport: ScriptedTransport;
  readonly halt: AbortController;
  readonly reads: Limiter;
  readonly writes: Limiter;
}

export function scripted(
  clock: Clock,
  script: Script,
  tokens: TokenSource = fixedToken('t0'),
  options: Pick<GraphClientOptions, 'writeTransport'> = {},
): Scripted {
  const transport = new ScriptedTransport(clock, script);
  const halt = new AbortController();
  setMaxListeners(0, halt.signal);
  const limiter = (): Limiter => new Limiter({ pacer: new Pacer({ burst: 100 }), concurrency: 8, clock });
  const [reads, writes] = [limiter(), limiter()];
  const client = new GraphClient({
    ...{ baseUrl: BASE, transport, tokens, writes, reads, clock, random: seededRandom(1) },
    ...{ log: silentLog, signal: halt.signal, ...options },
  });
  return { client, transport, halt, reads, writes };
}
