// Finds the one file in a zip archive by its directory, which stands at the end
// (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.12 and 4.3.16). It unpacks nothing.

import { contentRefusal } from './file-refusal.js';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;

/** The end of the directory, with the longest comment. */
const END_BYTES = 22;
const LONGEST_COMMENT = 65_535;

const MAX_ENTRIES = 1_000;

const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;

/** A file in an archive, still packed. */
export interface PackedFile {
  readonly bytes: Uint8Array;
  readonly deflated: boolean;
  /** Bytes when it is unpacked. */
  readonly size: number;
  readonly crc32: number;
}

/**
 * The only file in an archive, what systems put beside it left aside.
 *
 * @throws {FileRefusal} when there is none, or more than one, or it is protected by a password.
 */
export function onlyFileOf(archive: Uint8Array): PackedFile {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  if (count > MAX_ENTRIES) throw contentRefusal(`the zip archive has more than ${MAX_ENTRIES} files`);
  const found: number[] = [];
  const names: string[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > archive.byteLength || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw damaged();
    const nameBytes = view.getUint16(at + 28, true);
    const name = Buffer.from(archive.subarray(at + 46, at + 46 + nameBytes)).toString('utf8');
    names.push(name);
    if (!name.endsWith('/') && !/^__MACOSX\/|(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini)$/i.test(name)) {
      found.push(at);
    }
    at += 46 + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  if (names.some((name) => name === '[Content_Types].xml' || name.startsWith('xl/'))) {
    throw contentRefusal("this is an Excel workbook; save it as 'CSV UTF-8', without changing a cell");
  }
  const [first, ...others] = found;
  if (first === undefined) throw contentRefusal('this is a zip archive without a file in it');
  if (others.length > 0) {
    throw contentRefusal(
      `this is a zip archive of ${found.length} files; unpack it, and name those that are manifests`,
    );
  }
  return packedFile(archive, view, first);
}

function packedFile(archive: Uint8Array, view: DataView, entry: number): PackedFile {
  const flags = view.getUint16(entry + 8, true);
  const method = view.getUint16(entry + 10, true);
  if ((flags & ENCRYPTED) !== 0) {
    throw contentRefusal(
      'this is a zip archive that is protected by a password; unpack it with the password from the vendor, and name the file that is inside',
    );
  }
  if (method !== STORED && method !== DEFLATED) {
    throw contentRefusal(
      'the zip archive is packed in a way that is not known; unpack it, and name the file that is inside',
    );
  }
  const packed = view.getUint32(entry + 20, true);
  const size = view.getUint32(entry + 24, true);
  const local = view.getUint32(entry + 42, true);
  if (local + 30 > archive.byteLength || view.getUint32(local, true) !== LOCAL_HEADER) throw damaged();
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > archive.byteLength) throw damaged();
  return {
    bytes: archive.subarray(start, start + packed),
    deflated: method === DEFLATED,
    size,
    crc32: view.getUint32(entry + 16, true),
  };
}

/** From the last possible place backwards: a comment may stand behind it. */
function findEnd(view: DataView): number {
  const last = view.byteLength - END_BYTES;
  for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  throw damaged();
}

function damaged(): Error {
  return contentRefusal('the zip archive is damaged or was cut; get it again');
}

/** https://www.rfc-editor.org/rfc/rfc1952#section-8 */
const CRC_TABLE: readonly number[] = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit += 1) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** The CRC-32 of some bytes, to be carried on from the CRC of those before them. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before;
  for (const byte of bytes) crc = (CRC_TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  return ~crc >>> 0;
}
