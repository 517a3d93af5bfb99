// One request and its answer by undici's dispatcher, without the streams that `request` makes of a body: the bodies
// here are small or read whole, and a request takes half the time.

import type { Dispatcher } from 'undici';
import { type PageBytes, withoutMark } from './page-bytes.js';
import { Slots } from './slots.js';
import type { HttpAnswer, HttpRequest } from './transport.js';

type Controller = Dispatcher.DispatchController;
type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Sends requests through a dispatcher, and ends all that are under way when its signal is aborted. */
export class HttpExchanges {
  readonly #dispatcher: Dispatcher;
  readonly #signal: AbortSignal | undefined;
  readonly #underWay = new Slots<Exchange>();

  constructor(dispatcher: Dispatcher, signal: AbortSignal | undefined) {
    this.#dispatcher = dispatcher;
    this.#signal = signal;
    // One for all of them: to listen and to stop listening costs more than the rest of an exchange.
    signal?.addEventListener('abort', () => {
      for (const exchange of this.#underWay.all()) exchange.abort(reasonOf(signal));
    });
  }

  /**
   * Resolves with the whole answer.
   *
   * @throws what undici does: https://undici.nodejs.org/#/docs/api/Errors; and the signal's reason.
   */
  send({ url, method, headers, body, into }: HttpRequest): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#signal?.aborted === true) throw reasonOf(this.#signal);
      const { origin, pathname, search } = new URL(url);
      const exchange = new Exchange(
        (answer) => {
          this.#underWay.remove(place);
          resolve(answer);
        },
        (error) => {
          this.#underWay.remove(place);
          reject(error);
        },
        into,
      );
      const place = this.#underWay.add(exchange);
      this.#dispatcher.dispatch(
        { origin, path: `${pathname}${search}`, method, headers, body: body ?? null },
        exchange,
      );
    });
  }
}

/** https://undici.nodejs.org/#/docs/api/Dispatcher?id=parameter-dispatchhandler */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #answered: (answer: HttpAnswer) => void;
  readonly #failed: (error: Error) => void;
  readonly #into: PageBytes | undefined;
  readonly #pieces: Buffer[] = [];
  #status = 0;
  #headers: Headers = {};
  #controller: Controller | undefined;
  #aborted: Error | undefined;

  constructor(answered: (answer: HttpAnswer) => void, failed: (error: Error) => void, into?: PageBytes) {
    this.#answered = answered;
    this.#failed = failed;
    this.#into = into;
  }

  /** It fails, as soon as it has begun where it still waits for a connection. */
  abort(reason: Error): void {
    this.#aborted = reason;
    this.#controller?.abort(reason);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#aborted !== undefined) controller.abort(this.#aborted);
  }

  /** What comes last counts: interim answers may come before (RFC 9110, section 15.2). */
  onResponseStart(_: Controller, status: number, headers: Headers): void {
    this.#status = status;
    this.#headers = headers;
    this.#into?.clear();
  }

  onResponseData(_: Controller, piece: Buffer): void {
    const bytes = this.#bytes;
    if (bytes === undefined) this.#pieces.push(piece);
    else bytes.add(piece);
  }

  onResponseEnd(): void {
    const answer = { kind: 'answer', status: this.#status, headers: flattenHeaders(this.#headers) } as const;
    const bytes = this.#bytes;
    this.#answered(
      bytes === undefined ? { ...answer, body: textOf(this.#pieces) } : { ...answer, body: '', bytes },
    );
  }

  onResponseError(_: Controller, error: Error): void {
    this.#failed(error);
  }

  /** Where the answer goes, when it is what was asked for. */
  get #bytes(): PageBytes | undefined {
    return this.#status >= 200 && this.#status < 300 ? this.#into : undefined;
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason));
}

/** Most bodies come in one piece. */
function textOf(pieces: readonly Buffer[]): string {
  const [first, ...others] = pieces;
  const whole = others.length === 0 ? first : Buffer.concat(pieces);
  return withoutMark(whole?.toString('utf8') ?? '');
}

function flattenHeaders(headers: Headers): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
