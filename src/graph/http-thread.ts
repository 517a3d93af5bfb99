// The HTTP port in a thread of its own, for a service that throttles nobody: requests take as much processor as all else
// that a write needs, and a second processor stands idle. What is in the thread is http.ts; see http-thread-main.ts.

import { Worker } from 'node:worker_threads';
import type { HttpOptions } from './http.js';
import { Slots } from './slots.js';
import type { HttpRequest, HttpResult, Transport } from './transport.js';
import { TurnBatch } from './turn-batch.js';

/** What can be told to another thread. */
export type ThreadOptions = Omit<HttpOptions, 'signal'>;

/** To the thread, after its {@link ThreadOptions}: requests with their numbers; `close` comes last. */
export type ToThread = readonly (readonly [place: number, request: HttpRequest])[] | 'close';

/** From the thread: what has become of them. */
export type FromThread = readonly (readonly [place: number, result: HttpResult])[];

const PROGRAM = new URL('./http-thread-main.js', import.meta.url);

interface Leaving {
  readonly request: HttpRequest;
  readonly answered: (result: HttpResult) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly underWay: Slots<Leaving['answered']>;
}

/** The thread is started for the first request. Close it, or it keeps the process alive. */
export class HttpThread implements Transport {
  readonly #options: ThreadOptions;
  readonly #program: URL;
  readonly #leaving = new TurnBatch<Leaving>((batch) => this.#leave(batch));
  #thread: Thread | undefined;

  /** @param program - what the thread runs, for tests, which are not built. */
  constructor(options: ThreadOptions, program = PROGRAM) {
    this.#options = options;
    this.#program = program;
  }

  send(request: HttpRequest): Promise<HttpResult> {
    return new Promise((answered) => this.#leaving.push({ request, answered }));
  }

  /** When all that was sent has been answered. What is sent afterwards starts a thread again. */
  async close(): Promise<void> {
    this.#leaving.flush();
    const worker = this.#thread?.worker;
    if (worker === undefined) return;
    this.#thread = undefined;
    const ended = new Promise((resolve) => {
      worker.once('exit', resolve);
    });
    tell(worker, 'close');
    await ended;
  }

  #leave(batch: readonly Leaving[]): void {
    this.#thread ??= this.#start();
    const { worker, underWay } = this.#thread;
    const requests = batch.map(({ request, answered }) => [underWay.add(answered), request] as const);
    tell(worker, requests);
  }

  #start(): Thread {
    const worker = new Worker(this.#program);
    const underWay: Thread['underWay'] = new Slots();
    // Whether what was in it has left, nobody knows.
    const broken = (why: string): void => {
      if (this.#thread?.worker === worker) this.#thread = undefined;
      const reason = `the thread of the requests has failed: ${why}`;
      for (const answered of underWay.all()) answered({ kind: 'lost', reason });
    };
    worker.on('message', (results: FromThread) => {
      for (const [place, result] of results) underWay.remove(place)?.(result);
    });
    worker.on('error', (error) => broken(error.message));
    worker.on('exit', () => broken('it has ended'));
    tell(worker, this.#options);
    return { worker, underWay };
  }
}

function tell(worker: Worker, message: ThreadOptions | ToThread): void {
  worker.postMessage(message);
}
