// Talks to Microsoft Graph: signs requests, gives each an id, lets the limiter decide when it leaves, and
// sorts the answer. A write is sent once; reads are repeated until they are answered. What an answer means
// for a row is not decided here.

import type { Clock } from '../clock.js';
import type { Log } from '../log.js';
import type { Random } from '../random.js';
import { type GraphAnswer, toGraphAnswer } from './answer.js';
import { backOffMs } from './back-off.js';
import type { TokenSource } from './credential.js';
import { forbidden, notSignedIn, pathOf, readFailed, whyFailed } from './failures.js';
import { rowWaitMs } from './gate.js';
import { LimitListener, type LimitWords } from './limit-words.js';
import { type Limiter, Stopped } from './limiter.js';
import { messageOf, type Unsent } from './message.js';
import { personOf, throughMe } from './own-address.js';
import type { PageBytes } from './page-bytes.js';
import { tellLimiter } from './tell-limiter.js';
import type { HttpMethod, Transport } from './transport.js';

/** One write. The body is made when the request leaves, because a one-time code would age at the gate. */
export interface GraphWrite {
  readonly method: Exclude<HttpMethod, 'GET'>;
  /** Relative to the endpoint's version, as `/users/…`. */
  readonly path: string;
  readonly body: () => unknown;
  /** Must have made the intent durable when it resolves; only then does the request leave. */
  readonly beforeSending: (clientRequestId: string) => Promise<void>;
}

/** One request as it waits for its turn. */
interface Exchange extends Unsent {
  /** Called each time that it is about to leave. */
  readonly beforeSending: () => Promise<void>;
  /** Called each time that it was throttled. */
  readonly throttled: () => void;
}

export interface GraphClientOptions {
  /** The endpoint with its version, as `https://graph.microsoft.com/beta`. */
  readonly baseUrl: string;
  readonly transport: Transport;
  /** Over which writes leave; as reads when left out. */
  readonly writeTransport?: Transport;
  readonly tokens: TokenSource;
  readonly writes: Limiter;
  readonly reads: Limiter;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Aborted when nothing more may be sent. */
  readonly signal: AbortSignal;
}

/** Requests of this client, and how many of them were answered 429. */
export interface RequestCounts {
  readonly reads: number;
  readonly writes: number;
  readonly throttledReads: number;
  readonly throttledWrites: number;
}

/** An answer to a read that was not refused for now and did not fail. */
export type ReadAnswer = Extract<GraphAnswer, { kind: 'success' | 'refused' }>;

/** How often a read is repeated when the service fails; being throttled does not count. */
const READ_ATTEMPTS_MAX = 8;

/** The same for an endpoint that nobody has ever answered from: most likely its address is wrong. */
const FIRST_CONTACT_ATTEMPTS_MAX = 4;

export class GraphClient {
  readonly #options: GraphClientOptions;
  #reads = 0;
  #writes = 0;
  #throttledReads = 0;
  #throttledWrites = 0;
  readonly #limits = new LimitListener();
  #wasReached = false;
  #read: { readonly token: string; readonly person: string | undefined } | undefined;

  constructor(options: GraphClientOptions) {
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#options.signal;
  }

  counts(): RequestCounts {
    return {
      reads: this.#reads,
      writes: this.#writes,
      throttledReads: this.#throttledReads,
      throttledWrites: this.#throttledWrites,
    };
  }

  /** What the service said of its limits so far. */
  limits(): LimitWords {
    return this.#limits.words();
  }

  /** Waits before something is read again. @throws {Stopped} when the run was stopped meanwhile. */
  async pause(ms: number): Promise<void> {
    await this.#options.clock.sleep(ms, this.signal);
    if (this.signal.aborted) throw new Stopped('the run was stopped while a read waited');
  }

  /** Waits before a part of a batch that failed is read again. @throws {Stopped} as {@link pause}. */
  pauseAfterFailure(attempt: number, retryAfterSeconds: number | undefined): Promise<void> {
    return this.pause(backOffMs(attempt, this.#options.random.next(), retryAfterSeconds));
  }

  /** The wall clock, for a Retry-After in the form of a date inside a batch. */
  wallMs(): number {
    return this.#options.clock.wallMs();
  }

  /** Whose token it is; a token is read once. */
  #personOf(token: string): string | undefined {
    if (this.#read?.token !== token) this.#read = { token, person: personOf(token) };
    return this.#read.person;
  }

  /** A batch in the name of who signed in. */
  #asPerson(body: string, url: string, token: string): string {
    return url === this.url('/$batch') ? throughMe(body, this.#personOf(token)) : body;
  }

  /** An absolute URL of this endpoint. */
  url(path: string): string {
    return `${this.#options.baseUrl}${path}`;
  }

  /**
   * Sends one write, once, when its turn has come.
   *
   * @throws {Stopped} when the run was stopped before the request left.
   * @throws {OperationError} `sign-in-failed`, `throttled-too-long`, and whatever `beforeSending` throws.
   */
  write(write: GraphWrite): Promise<GraphAnswer> {
    const clientRequestId = this.#options.random.uuid();
    let isRecorded = false;
    return this.#exchange(this.#options.writes, {
      method: write.method,
      url: this.url(write.path),
      clientRequestId,
      body: () => JSON.stringify(write.body()),
      beforeSending: async () => {
        if (!isRecorded) await write.beforeSending(clientRequestId);
        isRecorded = true;
        this.#writes += 1;
      },
      throttled: () => {
        this.#throttledWrites += 1;
      },
    });
  }

  /**
   * Reads from an absolute URL of this endpoint until there is an answer.
   *
   * @throws {Stopped} when the run was stopped.
   * @throws {OperationError} `sign-in-failed`, `permission-missing`, `graph-unreachable`, `graph-failed`,
   *   `throttled-too-long`.
   * @param into - where the bytes of the answer may go: its body is a `ListedPage` then, if they are one.
   */
  read(url: string, into?: PageBytes): Promise<ReadAnswer> {
    return this.#readBy({ method: 'GET', url, body: () => undefined, into });
  }

  /** Sends a JSON batch of reads; the batch itself changes nothing, so it may be repeated. */
  readBatch(body: unknown): Promise<ReadAnswer> {
    const text = JSON.stringify(body);
    return this.#readBy({ method: 'POST', url: this.url('/$batch'), body: () => text });
  }

  /** Closes the gate of the reads: a request inside a batch was throttled. */
  readThrottled(retryAfterSeconds: number | undefined): void {
    this.#throttledReads += 1;
    this.#options.reads.throttled(retryAfterSeconds, this.#options.clock.monotonicMs());
  }

  async #readBy(request: Omit<Unsent, 'clientRequestId'>): Promise<ReadAnswer> {
    const { reads, random, log } = this.#options;
    const { url } = request;
    for (let attempt = 1; ; ) {
      const answer = await this.#exchange(reads, {
        ...request,
        clientRequestId: random.uuid(),
        beforeSending: async () => {
          this.#reads += 1;
        },
        throttled: () => {
          this.#throttledReads += 1;
        },
      });
      if (answer.kind === 'success') return answer;
      if (answer.kind === 'refused') return this.#refusedRead(answer, url);
      if (answer.kind === 'throttled') {
        await this.pause(rowWaitMs(answer.retryAfterSeconds));
        continue;
      }
      const attemptsMax =
        this.#wasReached || answer.kind !== 'not-sent' ? READ_ATTEMPTS_MAX : FIRST_CONTACT_ATTEMPTS_MAX;
      if (attempt >= attemptsMax) throw readFailed(answer, url, attempt);
      const waitMs = backOffMs(
        attempt,
        random.next(),
        'retryAfterSeconds' in answer ? answer.retryAfterSeconds : 0,
      );
      log.warn(
        { path: pathOf(url), attempt, why: whyFailed(answer), waitMs: Math.round(waitMs) },
        'a read failed',
      );
      await this.pause(waitMs);
      attempt += 1;
    }
  }

  #refusedRead(answer: Extract<GraphAnswer, { kind: 'refused' }>, url: string): ReadAnswer {
    if (answer.status === 401) throw notSignedIn(answer.message);
    if (answer.status === 403) throw forbidden(`reading ${pathOf(url)}`, answer.code, answer.message);
    return answer;
  }

  /**
   * One request when its turn has come; and once more, in a turn of its own, when its token was refused and
   * there is a new one. 401, and a claims challenge with whatever status, are definite answers: the request had no
   * effect, so the same intent may go out again.
   */
  async #exchange(limiter: Limiter, request: Exchange): Promise<GraphAnswer> {
    const { tokens, signal } = this.#options;
    for (let renewed = false; ; renewed = true) {
      const { answer, token } = await limiter.schedule(
        (sentAtMs) => this.#send(limiter, request, sentAtMs),
        signal,
      );
      if (renewed || answer.kind !== 'refused') return answer;
      if (answer.status !== 401 && answer.claims === undefined) return answer;
      if ((await tokens.refreshed(token, answer.claims)) === undefined) return answer;
    }
  }

  async #send(
    limiter: Limiter,
    request: Exchange,
    sentAtMs: number,
  ): Promise<{ readonly answer: GraphAnswer; readonly token: string }> {
    const { tokens, clock, log, writes, transport: reading, writeTransport = reading } = this.#options;
    const transport = limiter === writes ? writeTransport : reading;
    const { method, clientRequestId } = request;
    let isReported = false;
    try {
      await request.beforeSending();
      const token = await tokens.token();
      const url = throughMe(request.url, this.#personOf(token));
      // The body is made when the wire is free: a one-time code would age, and a secret stand in the clear.
      const result = await limiter.leave(() =>
        transport.send(
          messageOf(request, { url, token }, (body) => this.#asPerson(body, request.url, token)),
        ),
      );
      if (result.kind === 'answer') {
        this.#wasReached = true;
        this.#limits.heard(result);
      }
      const answer = toGraphAnswer(result, clientRequestId, clock.wallMs());
      if (log.isLevelEnabled('debug')) {
        log.debug(
          {
            method,
            path: pathOf(url),
            answer: answer.kind,
            status: 'status' in answer ? answer.status : undefined,
            clientRequestId,
            requestId: answer.requestId,
          },
          'graph',
        );
      }
      if (answer.kind === 'throttled') request.throttled();
      tellLimiter(limiter, answer, sentAtMs);
      isReported = true;
      return { answer, token };
    } finally {
      if (!isReported) limiter.ended(sentAtMs);
    }
  }
}
