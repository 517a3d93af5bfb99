// The edge between the disk and everything else: the bytes of a file, or of standard input for `-`, and their hash.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { FileRefusal } from './file-refusal.js';

/** The path that stands for standard input. */
export const STANDARD_INPUT = '-';

const STANDARD_INPUT_DESCRIPTOR = 0;

/** Large enough that what is paid for each piece does not matter. */
const PIECE_BYTES = 65_536;

export interface FileBytes {
  readonly pieces: AsyncGenerator<Uint8Array>;
  /** SHA-256 of the bytes that were read so far, in hexadecimal; to be called once, at the end. */
  sha256(): string;
}

/**
 * @throws {FileRefusal} `input-unreadable`, from `pieces`, when the file cannot be read.
 *
 * @example
 * const file = openBytes('samples/tokens.csv');
 * for await (const piece of file.pieces) console.log(piece.byteLength);
 * file.sha256();
 */
export function openBytes(path: string, signal?: AbortSignal): FileBytes {
  const hash = createHash('sha256');
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const stream = createReadStream(path, {
      ...(path === STANDARD_INPUT ? { fd: STANDARD_INPUT_DESCRIPTOR, autoClose: false } : {}),
      highWaterMark: PIECE_BYTES,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      for await (const piece of stream) {
        if (!(piece instanceof Uint8Array)) continue;
        hash.update(piece);
        yield piece;
      }
    } catch (error) {
      // So a pipe ends on Windows.
      if (error instanceof Error && 'code' in error && error.code === 'EOF') return;
      if (error instanceof Error && 'code' in error && 'syscall' in error) {
        throw new FileRefusal('input-unreadable', [{ message: whyUnreadable(String(error.code)) }]);
      }
      throw error;
    }
  }
  return { pieces: pieces(), sha256: () => hash.digest('hex') };
}

/** What a system error says about a file that cannot be opened. The codes are those of errno(3). */
export function whyUnreadable(code: string): string {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'there is no such file';
    case 'EISDIR':
      return 'this is a directory; name the file in it';
    case 'EACCES':
    case 'EPERM':
      return 'this account may not read the file';
    default:
      return `the file cannot be read (${code})`;
  }
}
