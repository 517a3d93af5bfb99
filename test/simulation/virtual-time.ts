// Virtual time for thousands of runs a minute: the timers of the process are replaced by a heap, and time moves
// when everything else waits. It needs no test framework, so that the simulation also runs as a command.

import type { Clock } from '../../src/clock.js';

/** Captured before anything is replaced. */
const real = { setTimeout, clearTimeout, setInterval, clearInterval, setImmediate, clearImmediate };
const realNow = Date.now;

const START_MS = Date.UTC(2026, 0, 5, 8);

/** A run that takes longer waits for something that never comes. */
const VIRTUAL_MAX_MS = 30 * 86_400_000;

/** A run that fires more timers than this goes round in a circle. */
const TIMERS_MAX = 3_000_000;

interface Timer {
  dueMs: number;
  readonly order: number;
  readonly fire: () => void;
  readonly everyMs: number | undefined;
  isCleared: boolean;
  unref(): Timer;
  ref(): Timer;
}

function isBefore(one: Timer, other: Timer): boolean {
  return one.dueMs < other.dueMs || (one.dueMs === other.dueMs && one.order < other.order);
}

export class VirtualTime {
  readonly #heap: Timer[] = [];
  #nowMs = 0;
  #jumpMs = 0;
  #order = 0;
  #fired = 0;

  get nowMs(): number {
    return this.#nowMs;
  }

  wallMs(): number {
    return START_MS + this.#nowMs + this.#jumpMs;
  }

  /** Moves the wall clock alone, as a time server or an administrator does. */
  jumpWall(ms: number): void {
    this.#jumpMs += ms;
  }

  /** Moves both clocks while nothing happens, as a computer does that counts the time for which it slept. */
  leap(ms: number): void {
    this.#nowMs += ms;
  }

  add(fire: () => void, delayMs: number, everyMs?: number): Timer {
    const timer: Timer = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      order: this.#order,
      fire,
      everyMs,
      isCleared: false,
      unref: () => timer,
      ref: () => timer,
    };
    this.#order += 1;
    this.#push(timer);
    return timer;
  }

  clock(): Clock {
    return {
      wallMs: () => this.wallMs(),
      monotonicMs: () => this.#nowMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (ms <= 0 || signal?.aborted === true) {
            resolve();
            return;
          }
          const finish = (): void => {
            timer.isCleared = true;
            signal?.removeEventListener('abort', finish);
            resolve();
          };
          const timer = this.add(finish, ms);
          signal?.addEventListener('abort', finish, { once: true });
        }),
    };
  }

  /** Fires the next timer, and moves the time to it. False: none is set. */
  step(): boolean {
    for (;;) {
      const next = this.#heap[0];
      if (next === undefined) return false;
      if (next.isCleared) {
        this.#pop();
        continue;
      }
      this.#pop();
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      this.#fired += 1;
      if (this.#fired > TIMERS_MAX) throw new Error(`${TIMERS_MAX} timers have fired`);
      if (this.#nowMs > VIRTUAL_MAX_MS)
        throw new Error(`everything waits for what never comes: ${next.fire.toString().slice(0, 300)}`);
      if (next.everyMs !== undefined) {
        next.dueMs = this.#nowMs + next.everyMs;
        this.#push(next);
      }
      next.fire();
      return true;
    }
  }

  #push(timer: Timer): void {
    const heap = this.#heap;
    let hole = heap.length;
    heap.push(timer);
    while (hole > 0) {
      const above = (hole - 1) >> 1;
      const parent = heap[above];
      if (parent === undefined || !isBefore(timer, parent)) break;
      heap[hole] = parent;
      hole = above;
    }
    heap[hole] = timer;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
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
  }
}

/** Every promise that can settle by itself does so: Node.js comes to the next tick when none is left. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    process.nextTick(resolve);
  });
}

function isTimer(value: unknown): value is Timer {
  return typeof value === 'object' && value !== null && 'isCleared' in value;
}

function replaceTimers(time: VirtualTime): void {
  const clear = (timer: unknown): void => {
    if (isTimer(timer)) timer.isCleared = true;
  };
  const set =
    (isRepeated: boolean) =>
    (fire: (...args: readonly unknown[]) => void, delayMs = 0, ...args: readonly unknown[]): Timer =>
      time.add(() => fire(...args), delayMs, isRepeated ? Math.max(1, delayMs) : undefined);
  Object.assign(globalThis, {
    setTimeout: set(false),
    setInterval: set(true),
    setImmediate: (fire: (...args: readonly unknown[]) => void, ...args: readonly unknown[]) =>
      time.add(() => fire(...args), 0),
    clearTimeout: clear,
    clearInterval: clear,
    clearImmediate: clear,
  });
  Date.now = () => time.wallMs();
}

/** Carries out `work` in virtual time. */
export async function inSimulatedTime<Value>(work: (time: VirtualTime) => Promise<Value>): Promise<Value> {
  const time = new VirtualTime();
  replaceTimers(time);
  try {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    const result = work(time);
    result.then(settled, settled);
    await turn();
    while (!isSettled) {
      if (!time.step()) throw new Error('everything waits, and no timer is set');
      await turn();
    }
    return await result;
  } finally {
    Object.assign(globalThis, real);
    Date.now = realNow;
  }
}
