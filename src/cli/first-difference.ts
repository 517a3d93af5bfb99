// Where two files first differ, for a person who has to find it.

export interface Difference {
  /** Bytes before it, from 0. */
  readonly offset: number;
  /** The line that it stands in, from 1. */
  readonly line: number;
}

const LINE_FEED = 0x0a;

/** The first byte in which `now` is not `before`; the end of the shorter one when it is the beginning of the other. */
export function firstDifference(before: Uint8Array, now: Uint8Array): Difference {
  let line = 1;
  let offset = 0;
  while (offset < before.length && offset < now.length && before[offset] === now[offset]) {
    if (before[offset] === LINE_FEED) line += 1;
    offset += 1;
  }
  return { offset, line };
}
