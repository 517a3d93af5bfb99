// Where a file first differs from what was written, for a person who has to find it.

import { type FileHandle, open } from 'node:fs/promises';

export interface Difference {
  /** Bytes before it, from 0. */
  readonly offset: number;
  /** The line that it stands in, from 1. */
  readonly line: number;
}

const LINE_FEED = 0x0a;

/**
 * The first byte in which a file is not what was written; the end of the shorter one when it is the beginning of the
 * other.
 *
 * @param before - what was written, in pieces: one of them is compared at a time.
 */
export async function firstDifference(
  before: Iterable<string | Uint8Array>,
  path: string,
): Promise<Difference> {
  const handle = await open(path, 'r');
  try {
    let offset = 0;
    let line = 1;
    for (const piece of before) {
      const written = typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece;
      const now = await bytesAt(handle, offset, written.length);
      let same = 0;
      while (same < now.length && written[same] === now[same]) {
        if (now[same] === LINE_FEED) line += 1;
        same += 1;
      }
      offset += same;
      if (same < written.length) break;
    }
    return { offset, line };
  } finally {
    await handle.close();
  }
}

/** So many bytes of a file, or as many as there are. */
async function bytesAt(handle: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}
