// Plays a job of so many requests through the pacer against a service, event by event, in a time of its own:
// a day passes in seconds, and the same seed goes the same way. The queue and the sockets are left out.

import { refusedWaitMs } from '../../src/graph/gate.js';
import { Pacer } from '../../src/graph/pacer.js';
import type { PacerSettings } from '../../src/graph/pacer-settings.js';
import { CONCURRENCY } from '../../src/job/schema.js';
import { seededRandom } from '../../src/random.js';
import { Events, latencyMs } from './events.js';
import { boundMs, Service, type World } from './worlds.js';

export interface Played {
  readonly seconds: number;
  /** Against the least time that the service's limit allows. */
  readonly ratio: number;
  readonly refused: number;
  /** Requests that left while the gate was closed: none, or the pacer is broken. */
  readonly insideGate: number;
  readonly pace: number | undefined;
}

/** Plays `requests` through a pacer that starts from `settings`. */
export function play(
  world: World,
  settings: PacerSettings,
  requests: number,
  seed: number,
  concurrency = CONCURRENCY,
): Played {
  const random = seededRandom(seed);
  const service = new Service(world, requests, seed);
  const pacer = new Pacer(settings);
  const events = new Events();
  let nowMs = 0;
  let [waiting, inFlight, done, refused, insideGate] = [requests, 0, 0, 0, 0];
  let wakeAtMs = Number.POSITIVE_INFINITY;

  const judge = (sentAtMs: number, tookMs: number): void => {
    const judgement = service.judge(nowMs);
    if (judgement.kind === 'accepted') {
      events.add(nowMs + tookMs / 2, () => {
        done += 1;
        inFlight -= 1;
        pacer.accepted(nowMs, sentAtMs);
      });
      return;
    }
    // A refusal is answered in half the time.
    events.add(nowMs + tookMs / 4, () => {
      refused += 1;
      inFlight -= 1;
      pacer.throttled(nowMs, judgement.retryAfterSeconds, sentAtMs);
      events.add(nowMs + refusedWaitMs(judgement.retryAfterSeconds), () => {
        waiting += 1;
      });
    });
  };

  const sendWhatMay = (): void => {
    while (waiting > 0 && inFlight < concurrency) {
      const nextMs = pacer.next(nowMs);
      if (nextMs > nowMs) {
        if (nextMs >= wakeAtMs) return;
        wakeAtMs = nextMs;
        events.add(nextMs, () => {
          if (wakeAtMs <= nowMs) wakeAtMs = Number.POSITIVE_INFINITY;
        });
        return;
      }
      if (nowMs < pacer.view().gateUntilMs) insideGate += 1;
      pacer.sent(nowMs);
      waiting -= 1;
      inFlight += 1;
      const sentAtMs = nowMs;
      const tookMs = latencyMs(() => random.next());
      events.add(nowMs + tookMs / 2, () => judge(sentAtMs, tookMs));
    }
  };

  sendWhatMay();
  while (done < requests) {
    const event = events.take();
    if (event === undefined) throw new Error(`world ${world.name}, seed ${seed}: stands still after ${done}`);
    nowMs = event.atMs;
    event.happen();
    sendWhatMay();
  }
  const bound = boundMs(world.limit, requests);
  return {
    seconds: nowMs / 1_000,
    ratio: nowMs / bound,
    refused,
    insideGate,
    pace: pacer.view().pace,
  };
}
