// Plays a job of so many requests through the pacer against a service, event by event, in a time of its own:
// a day passes in seconds, and the same seed goes the same way. The queue and the sockets are left out.

import { refusedWaitMs } from '../../src/graph/gate.js';
import { Pacer, type PacerSettings } from '../../src/graph/pacer.js';
import { seededRandom } from '../../src/random.js';
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

/** Answers take 80 ms at the 5th and 400 ms at the 95th percentile, lognormal (throttling.md, section 4). */
const MEDIAN_MS = 179;
const SIGMA = Math.log(400 / 80) / 2 / 1.645;

/** A latency drawn from that distribution, in milliseconds. */
function latencyMs(next: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return MEDIAN_MS * Math.exp(SIGMA * normal);
}

interface Event {
  readonly atMs: number;
  readonly happen: () => void;
}

/** Events in the order of time: a binary heap. */
class Events {
  readonly #heap: Event[] = [];

  add(atMs: number, happen: () => void): void {
    const heap = this.#heap;
    const event = { atMs, happen };
    let hole = heap.length;
    heap.push(event);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || parent.atMs <= atMs) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = event;
  }

  take(): Event | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      const [left, right] = [heap[2 * hole + 1], heap[2 * hole + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && right.atMs < left.atMs;
      const child = isRight ? right : left;
      if (last.atMs <= child.atMs) break;
      heap[hole] = child;
      hole = isRight ? 2 * hole + 2 : 2 * hole + 1;
    }
    heap[hole] = last;
    return first;
  }
}

/** Plays `requests` through a pacer that starts from `settings`. */
export function play(
  world: World,
  settings: PacerSettings,
  requests: number,
  seed: number,
  concurrency = 16,
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
