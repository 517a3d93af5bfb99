// Randomness enters the program here and nowhere else, so that a run can be repeated from a seed.

import { randomUUID } from 'node:crypto';

/** The randomness port. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID (RFC 9562, section 5.4). */
  uuid(): string;
}

/** The computer's own randomness. */
export const systemRandom: Random = {
  next: () => Math.random(),
  uuid: () => randomUUID(),
};

/**
 * Randomness that repeats for the same seed: the mulberry32 generator
 * (https://gist.github.com/tommyettinger/46a874533244883189143505d203312c), good enough to draw faults
 * and ids in a rehearsal, and never used where a guess must be hard.
 */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join('');
  const uuid = (): string => {
    const variant = '89ab'.charAt(Math.floor(next() * 4));
    return `${hex(8)}-${hex(4)}-4${hex(3)}-${variant}${hex(3)}-${hex(12)}`;
  };
  return { next, uuid };
}
