// What a file is packed in: gzip and zip are unpacked as they are read, one layer of them, within bounds. The
// signature decides, not the name: vendors rename archives to get them through mail filters.

import { pipeline } from 'node:stream/promises';
import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';
import { contentRefusal } from './file-refusal.js';
import { crc32, onlyFileOf } from './zip-directory.js';

/** A zip archive is held whole, because its directory stands at the end. */
const MAX_ARCHIVE_BYTES = 256 * 1_024 * 1_024;

/** Keys draw lots, and shrink by half; something that grows a hundredfold is made to do harm. */
const MAX_GROWTH = 100;
const ALWAYS_ALLOWED_BYTES = 16 * 1_024 * 1_024;

export type Container = 'gzip' | 'zip';

export interface UnpackedBytes {
  readonly container?: Container;
  readonly pieces: AsyncIterable<Uint8Array>;
}

/**
 * The bytes of a file, unpacked where they are packed.
 *
 * @throws {FileRefusal} for an archive that cannot be used; from `pieces` when it turns out to be damaged.
 */
export async function unpack(pieces: AsyncGenerator<Uint8Array>): Promise<UnpackedBytes> {
  let head: Uint8Array = new Uint8Array(0);
  while (head.byteLength < 4) {
    const next = await pieces.next();
    if (next.done === true) break;
    head = head.byteLength === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  const whole = rejoined(head, pieces);
  const [first, second, third, fourth] = head;
  if (first === 0x1f && second === 0x8b) {
    return { container: 'gzip', pieces: inflated(whole, createGunzip(), 'gzip') };
  }
  if (first === 0x50 && second === 0x4b && (third === 0x03 || third === 0x05) && fourth !== undefined) {
    return { container: 'zip', pieces: unzipped(whole) };
  }
  return { pieces: whole };
}

async function* rejoined(head: Uint8Array, rest: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (head.byteLength > 0) yield head;
  yield* rest;
}

async function* unzipped(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const held: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    held.push(piece);
    bytes += piece.byteLength;
    if (bytes > MAX_ARCHIVE_BYTES) {
      throw contentRefusal(
        'the zip archive is larger than 256 MiB; unpack it, and name the file that is inside',
      );
    }
  }
  const file = onlyFileOf(Buffer.concat(held));
  async function* packed(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(file.bytes);
  }
  let crc = 0;
  let size = 0;
  const unpacked = file.deflated ? inflated(packed(), createInflateRaw(), 'zip') : packed();
  for await (const piece of unpacked) {
    crc = crc32(piece, crc);
    size += piece.byteLength;
    yield piece;
  }
  if (crc !== file.crc32 || size !== file.size) throw damaged('zip');
}

async function* inflated(
  pieces: AsyncIterable<Uint8Array>,
  stream: Gunzip | InflateRaw,
  container: Container,
): AsyncGenerator<Uint8Array> {
  let read = 0;
  let written = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      read += piece.byteLength;
      yield piece;
    }
  }
  const fed = pipeline(counted(), stream).catch(() => undefined);
  try {
    for await (const piece of stream) {
      if (!(piece instanceof Uint8Array)) continue;
      written += piece.byteLength;
      if (written > ALWAYS_ALLOWED_BYTES && written > read * MAX_GROWTH) {
        throw contentRefusal(
          `the ${container} archive grows more than ${MAX_GROWTH} times when it is unpacked`,
        );
      }
      yield piece;
    }
  } catch (error) {
    const isDamage = error instanceof Error && 'code' in error && /^Z_|^ERR_/.test(String(error.code));
    throw isDamage ? damaged(container) : error;
  } finally {
    stream.destroy();
    await fed;
  }
}

function damaged(container: Container): Error {
  return contentRefusal(`the ${container} archive is damaged or was cut; get it again`);
}
