// A transport that notes what time the service has, by the `Date` of its answers (RFC 9110, section 6.6.1). It
// changes nothing about them.

import type { Clock } from '../clock.js';
import type { HttpRequest, HttpResult, Transport } from './transport.js';

export class WatchedTransport implements Transport {
  readonly #transport: Transport;
  readonly #clock: Clock;
  #offsetMs: number | undefined;

  constructor(transport: Transport, clock: Clock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** How far the service's clock is ahead of ours, in milliseconds, to about a second. */
  clockOffsetMs(): number | undefined {
    return this.#offsetMs;
  }

  async send(request: HttpRequest): Promise<HttpResult> {
    const result = await this.#transport.send(request);
    const date = result.kind === 'answer' ? Date.parse(result.headers['date'] ?? '') : Number.NaN;
    // `Date` is in whole seconds: the middle of it is the best guess.
    if (!Number.isNaN(date)) this.#offsetMs = date + 500 - this.#clock.wallMs();
    return result;
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
