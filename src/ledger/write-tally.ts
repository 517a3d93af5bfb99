// Counts the requests of a run by the lines of its chain. Pure.

import type { LedgerEvent } from './ledger.js';

/** A request for many rows is a line for each of them, one behind the other and with the same id. */
export class WriteTally {
  #sent = 0;
  #throttled = 0;
  #lastSent = '';
  #lastThrottled = '';

  add({
    event,
    outcome,
    clientRequestId,
    requestId,
  }: Pick<LedgerEvent, 'event' | 'outcome' | 'clientRequestId' | 'requestId'>): void {
    if (event === 'sent') {
      if (clientRequestId !== this.#lastSent) this.#sent += 1;
      this.#lastSent = clientRequestId;
    } else if (outcome === 'throttled') {
      if (requestId === '' || requestId !== this.#lastThrottled) this.#throttled += 1;
      this.#lastThrottled = requestId;
    }
  }

  counts(): { readonly sent: number; readonly throttled: number } {
    return { sent: this.#sent, throttled: this.#throttled };
  }
}
