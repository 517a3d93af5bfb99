// A transport that notes what time the service has, by the `Date` of its answers (RFC 9110, section 6.6.1). It
// changes nothing about them.

import type { Clock } from '../clock.js';
import type { HttpRequest, HttpResult, Transport } from './transport.js';

export class WatchedTransport implements Transport {
  readonly #transport: Transport;
  readonly #clock: Clock;
  #offsetMs: number | undefined;
  #date = '';

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
    if (result.kind === 'answer') this.#heard(result.headers['date'] ?? '');
    return result;
  }

  /** `Date` is in whole seconds, so that many answers have the same, and the middle of it is the best guess. */
  #heard(date: string): void {
    if (date === this.#date) return;
    this.#date = date;
    const ms = Date.parse(date);
    if (!Number.isNaN(ms)) this.#offsetMs = ms + 500 - this.#clock.wallMs();
  }

  close(): Promise<void> {
    return this.#transport.close();
  }
}
