// The HTTP port over an emulator in the same process: no socket, no port, no wait. It keeps what a test wants
// to know of the requests: their order, and whether one left while the service had asked for a pause.

import type { Clock } from '../src/clock.js';
import type { Emulator, EmulatorReply } from '../src/emulator/emulator.js';
import { parseRetryAfter } from '../src/graph/retry-after.js';
import type { HttpRequest, HttpResult, Transport } from '../src/graph/transport.js';
import { intoBytes } from './into-bytes.js';

/** As that of the real transport (src/graph/http.ts). */
const ANSWER_TIMEOUT_MS = 60_000;

/** A reason of its own, because the one that is made otherwise carries a stack. */
const ANSWERED = 'the answer is there';

const ORIGIN = 'http://graph.test';
export const BASE_URL = `${ORIGIN}/beta`;

export interface SeenRequest {
  readonly request: HttpRequest;
  readonly atMs: number;
}

function isWrite({ method, url }: HttpRequest): boolean {
  return method !== 'GET' && !url.endsWith('/$batch');
}

/** The same write, sent once more. */
function keyOf({ method, url, body }: HttpRequest): string {
  return `${method} ${url} ${body ?? ''}`;
}

export class EmulatorTransport implements Transport {
  readonly requests: SeenRequest[] = [];
  /**
   * Writes that left again although the service had asked to wait with them. Others may leave meanwhile: a
   * refusal may stand alone. When the gate closes for all is for the tests of the pacer.
   */
  readonly insideGate: string[] = [];
  readonly #emulator: Emulator;
  readonly #clock: Clock;
  readonly #askedUntilMs = new Map<string, number>();

  constructor(emulator: Emulator, clock: Clock) {
    this.#emulator = emulator;
    this.#clock = clock;
  }

  get writes(): readonly HttpRequest[] {
    return this.requests.map(({ request }) => request).filter(isWrite);
  }

  /** A new life of the program does not know what the one before was told. */
  forgetGate(): void {
    this.#askedUntilMs.clear();
  }

  async send(request: HttpRequest): Promise<HttpResult> {
    const atMs = this.#clock.monotonicMs();
    this.requests.push({ request, atMs });
    const untilMs = this.#askedUntilMs.get(keyOf(request)) ?? 0;
    if (atMs < untilMs) this.insideGate.push(`${request.method} at ${atMs}, asked to wait until ${untilMs}`);
    const result = await this.#exchange(request);
    if (isWrite(request)) this.#note(request, result);
    return result;
  }

  async close(): Promise<void> {
    this.#askedUntilMs.clear();
  }

  async #exchange(request: HttpRequest): Promise<HttpResult> {
    const url = new URL(request.url);
    const over = new AbortController();
    const reply = this.#emulator
      .handle(
        {
          method: request.method,
          path: `${url.pathname}${url.search}`,
          headers: { ...request.headers, host: url.host },
          body: request.body ?? '',
        },
        over.signal,
      )
      .then(toResult);
    const timeout = this.#clock
      .sleep(ANSWER_TIMEOUT_MS, over.signal)
      .then((): HttpResult => ({ kind: 'lost', reason: 'no answer in time' }));
    const result = await Promise.race([reply, timeout]);
    over.abort(ANSWERED);
    return intoBytes(request, result);
  }

  #note(request: HttpRequest, result: HttpResult): void {
    if (result.kind !== 'answer' || result.status !== 429) return;
    const nowMs = this.#clock.monotonicMs();
    const seconds = parseRetryAfter(result.headers['retry-after'], this.#clock.wallMs()) ?? 0;
    this.#askedUntilMs.set(keyOf(request), nowMs + Math.max(1, seconds) * 1_000);
  }
}

function toResult(reply: EmulatorReply): HttpResult {
  return reply.kind === 'reset' ? { kind: 'lost', reason: 'socket hang up' } : reply;
}
