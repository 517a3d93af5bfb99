// What the benchmark's clients share: how long an answer takes, and events in the order of their time.

/** Answers take 80 ms at the 5th and 400 ms at the 95th percentile, lognormal (throttling.md, section 4). */
const MEDIAN_MS = 179;
const SIGMA = Math.log(400 / 80) / 2 / 1.645;

/** What they take in the mean, in milliseconds. */
export const MEAN_LATENCY_MS = MEDIAN_MS * Math.exp(SIGMA ** 2 / 2);

/** A latency drawn from that distribution, in milliseconds. */
export function latencyMs(next: () => number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return MEDIAN_MS * Math.exp(SIGMA * normal);
}

interface Event {
  readonly atMs: number;
  readonly happen: () => void;
}

/** Events in the order of time: a binary heap. */
export class Events {
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
