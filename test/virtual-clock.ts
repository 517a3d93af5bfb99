// Time that moves only when a test says so, or when everything else waits: a day of throttling passes in
// milliseconds, and always in the same way.

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../src/clock.js';

interface Sleeper {
  readonly dueMs: number;
  readonly order: number;
  readonly wake: () => void;
  /** Woken by its signal, before its time: it must not move the clock any more. */
  isAwake: boolean;
}

function isBefore(one: Sleeper, other: Sleeper): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

/** A binary heap of sleepers, the next one first. */
class SleeperHeap {
  readonly #heap: Sleeper[] = [];

  /** The next one who still sleeps. */
  get next(): Sleeper | undefined {
    while (this.#heap[0]?.isAwake === true) this.take();
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.filter((sleeper) => !sleeper.isAwake).length;
  }

  add(sleeper: Sleeper): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(sleeper);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(sleeper, parent)) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = sleeper;
  }

  take(): Sleeper | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let hole = 0;
    for (;;) {
      const [left, right] = [heap[2 * hole + 1], heap[2 * hole + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (isBefore(last, child)) break;
      heap[hole] = child;
      hole = isRight ? 2 * hole + 2 : 2 * hole + 1;
    }
    heap[hole] = last;
    return first;
  }
}

export interface VirtualClockOptions {
  /** The wall clock at the start; 2026-01-05T08:00:00Z when left out. */
  readonly startMs?: number;
  /**
   * Turns of the event loop after which nothing more can happen by itself. One is enough for promises; code
   * that waits for real files or sockets in between needs more.
   */
  readonly idleTurns?: number;
}

/**
 * The time port, in virtual time.
 *
 * @example
 * const clock = new VirtualClock();
 * const run = pipeline(clock);          // sleeps for hours
 * const result = await clock.run(run);  // takes milliseconds
 */
export class VirtualClock implements Clock {
  readonly #startMs: number;
  readonly #idleTurns: number;
  readonly #sleepers = new SleeperHeap();
  #nowMs = 0;
  #jumpMs = 0;
  #order = 0;

  constructor(options: VirtualClockOptions = {}) {
    this.#startMs = options.startMs ?? Date.UTC(2026, 0, 5, 8);
    this.#idleTurns = options.idleTurns ?? 1;
  }

  wallMs(): number {
    return this.#startMs + this.#nowMs + this.#jumpMs;
  }

  monotonicMs(): number {
    return this.#nowMs;
  }

  /** How many are asleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (ms <= 0 || signal?.aborted === true) return Promise.resolve();
    this.#order += 1;
    const order = this.#order;
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', wake);
        sleeper.isAwake = true;
        resolve();
      };
      const sleeper: Sleeper = { dueMs: this.#nowMs + ms, order, wake, isAwake: false };
      signal?.addEventListener('abort', wake, { once: true });
      this.#sleepers.add(sleeper);
    });
  }

  /** Moves the wall clock alone, as an administrator or a time server does. */
  jumpWall(ms: number): void {
    this.#jumpMs += ms;
  }

  /** Lets `ms` milliseconds pass; everybody who is due wakes at the right moment, in order. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await this.#idle();
    while (this.#sleepers.next !== undefined && this.#sleepers.next.dueMs <= untilMs) {
      this.#wakeNext();
      await this.#idle();
    }
    this.#nowMs = untilMs;
  }

  /** Jumps from sleeper to sleeper until nobody sleeps any more. */
  async runToEnd(): Promise<void> {
    await this.#idle();
    while (this.#sleepers.next !== undefined) {
      this.#wakeNext();
      await this.#idle();
    }
  }

  /** Jumps from sleeper to sleeper until the promise settles. Throws when it never can. */
  async run<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    await this.#idle();
    while (!isSettled) {
      if (this.#sleepers.next === undefined) throw new Error('everything waits, and nobody sleeps');
      this.#wakeNext();
      await this.#idle();
    }
    return promise;
  }

  /** Wakes everybody who is due at the next moment at which somebody is. */
  #wakeNext(): void {
    const dueMs = this.#sleepers.next?.dueMs;
    if (dueMs === undefined) return;
    this.#nowMs = Math.max(this.#nowMs, dueMs);
    while (this.#sleepers.next?.dueMs === dueMs) this.#sleepers.take()?.wake();
  }

  async #idle(): Promise<void> {
    for (let turn = 0; turn < this.#idleTurns; turn += 1) await nextTurn();
  }
}
