// Named streams of seeded randomness. Each purpose draws from its own stream, so that turning one thing on
// does not change what another draws.

import { type Random, seededRandom } from '../random.js';

/** The stream of a name: the seed and the name, mixed by FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/). */
export function randomStream(seed: number, name: string): Random {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${seed}/${name}`)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return seededRandom(hash);
}

function word(random: Random): string {
  return Math.floor(random.next() * 4_294_967_296)
    .toString(16)
    .padStart(8, '0');
}

/** A version 4 UUID from four draws: every request needs one, and `Random.uuid` takes thirty-two. */
export function quickUuid(random: Random): string {
  const [a, b, c, d] = [word(random), word(random), word(random), word(random)];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
