// Where a life of the program ends before its time: at an operation of the ledger or of the network, before it,
// between its effect and the word of it, or after it. What has died neither acts nor hears any more.

import type { Clock } from '../../src/clock.js';
import type { HttpResult, Transport } from '../../src/graph/transport.js';
import type { Ledger } from '../../src/ledger/ledger.js';

export type Variant = 'before' | 'between' | 'after';

export interface CrashPoint {
  /** The operation at which it happens, counted from 1 within the life. */
  readonly at: number;
  readonly variant: Variant;
}

/** Never settles: what waits for it has died. */
function never<Value>(): Promise<Value> {
  return new Promise(() => undefined);
}

/** One life of the program, and its ports. */
export class Life {
  /** Resolves at the crash. */
  readonly died: Promise<void>;
  readonly #point: CrashPoint | undefined;
  #die: () => void = () => undefined;
  #isDead = false;
  #operations = 0;

  constructor(point: CrashPoint | undefined) {
    this.#point = point;
    this.died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Operations that have begun. */
  get operations(): number {
    return this.#operations;
  }

  kill(): void {
    this.#isDead = true;
    this.#die();
  }

  /** Counts an operation; the answer says where in it this life ends, if it does. */
  #next(): Variant | undefined {
    const point = this.#point;
    if (point !== undefined && this.#operations >= point.at) {
      // The operation before was the last that was heard of.
      this.kill();
      return 'before';
    }
    this.#operations += 1;
    if (point === undefined || this.#operations !== point.at || point.variant === 'after') return undefined;
    return point.variant;
  }

  clock(clock: Clock): Clock {
    return {
      wallMs: () => clock.wallMs(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (ms, signal) => {
        await clock.sleep(ms, signal);
        if (this.#isDead) await never();
      },
    };
  }

  transport(inner: Transport): Transport {
    return {
      close: () => inner.close(),
      send: async (request): Promise<HttpResult> => {
        if (this.#isDead) return never();
        const ends = this.#next();
        if (ends === 'before') {
          this.kill();
          return never();
        }
        if (ends === undefined) {
          const result = await inner.send(request);
          return this.#isDead ? never() : result;
        }
        await inner.send(request);
        this.kill();
        return never();
      },
    };
  }

  /** Stands between the ledger and a durable transaction: a crash loses it whole, or keeps it and tells nobody. */
  commit(transact: () => void): void {
    if (this.#isDead) return;
    const ends = this.#next();
    if (ends === 'before') {
      this.kill();
      return;
    }
    transact();
    if (ends !== undefined) this.kill();
  }

  /** The ledger as the living see it. */
  ledger(ledger: Ledger): Ledger {
    return new Proxy(ledger, {
      get: (target, name): unknown => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          if (this.#isDead) return never();
          const result: unknown = value.apply(target, args);
          if (!(result instanceof Promise)) return result;
          const heard = (): Promise<unknown> => (this.#isDead ? never() : result);
          return result.then(heard, heard);
        };
      },
    });
  }
}
