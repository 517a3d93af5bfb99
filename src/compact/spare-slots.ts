// Memory of indexes that are no longer asked, for those that come after them: a large piece that is freed in between is
// seldom given back to the machine (https://sourceware.org/glibc/manual/latest/html_node/Malloc-Tunable-Parameters.html).

/** Smaller ones are not worth keeping. */
const SLOTS_MIN = 1 << 16;
const PIECES_MAX = 8;

const spare: Int32Array<ArrayBuffer>[] = [];

/** So many slots, all of them 0. */
export function takeSlots(length: number): Int32Array<ArrayBuffer> {
  const known = spare.findIndex((slots) => slots.length === length);
  const [slots] = known < 0 ? [] : spare.splice(known, 1);
  return slots?.fill(0) ?? new Int32Array(length);
}

/** Gives back to the machine what is spare. */
export function forgetSpareSlots(): void {
  spare.length = 0;
}

/** To be called by whoever does not use them any more. */
export function giveBackSlots(slots: Int32Array<ArrayBuffer>): void {
  if (slots.length >= SLOTS_MIN && spare.length < PIECES_MAX) spare.push(slots);
}
