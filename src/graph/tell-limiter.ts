// What an answer says of the service's limit. Whether a row is done by it is not decided here.

import type { GraphAnswer } from './answer.js';
import type { Limiter } from './limiter.js';

/** Tells the limiter what became of a request. */
export function tellLimiter(limiter: Limiter, answer: GraphAnswer, sentAtMs: number): void {
  switch (answer.kind) {
    case 'throttled':
      limiter.throttled(answer.retryAfterSeconds, sentAtMs);
      return;
    case 'success':
    case 'garbled':
      limiter.accepted(sentAtMs);
      return;
    case 'refused':
      // Who was not let in at the door did not see the limit behind it.
      if (answer.status === 401) limiter.ended(sentAtMs);
      else limiter.accepted(sentAtMs);
      return;
    case 'failed':
    case 'lost':
    case 'not-sent':
      limiter.ended(sentAtMs);
      return;
  }
}
