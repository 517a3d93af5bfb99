// Recognises files that are not text by their first bytes, so that the refusal can say what to do with them.
// It opens nothing: an archive or an encrypted file is unpacked by the operator, never by the program.

/** How many bytes are worth waiting for before the first look: an Excel workbook names its parts within them. */
export const SIGNATURE_BYTES = 2_048;

const UNPACK = 'unpack it, and name the CSV file that is inside';
const DECRYPT = 'decrypt it with the key that the vendor was given, and name the CSV file that comes out';
const SAVE_AS_CSV = "save it as 'CSV UTF-8', without changing a cell";

/** https://en.wikipedia.org/wiki/List_of_file_signatures; the first that fits is taken. */
const SIGNATURES: readonly { readonly bytes: readonly number[]; readonly message: string }[] = [
  { bytes: [0x50, 0x4b, 0x03, 0x04], message: `this is a zip archive; ${UNPACK}` },
  { bytes: [0x50, 0x4b, 0x05, 0x06], message: 'this is an empty zip archive' },
  { bytes: [0x1f, 0x8b], message: `this is a gzip archive; ${UNPACK}` },
  { bytes: [0x37, 0x7a, 0xbc, 0xaf], message: `this is a 7-Zip archive; ${UNPACK}` },
  { bytes: [0x52, 0x61, 0x72, 0x21], message: `this is a RAR archive; ${UNPACK}` },
  { bytes: [0x25, 0x50, 0x44, 0x46], message: 'this is a PDF; ask the vendor for the CSV file' },
  {
    bytes: [0xd0, 0xcf, 0x11, 0xe0],
    message: `this is an old Excel workbook or a protected one; ${SAVE_AS_CSV}`,
  },
  // First bytes of OpenPGP packets that no UTF-8 text starts with (RFC 9580, section 4.2).
  { bytes: [0x84], message: `this is encrypted with PGP; ${DECRYPT}` },
  { bytes: [0x85], message: `this is encrypted with PGP; ${DECRYPT}` },
  { bytes: [0x8c], message: `this is encrypted with PGP; ${DECRYPT}` },
  { bytes: [0xc1], message: `this is encrypted with PGP; ${DECRYPT}` },
];

/** Texts that are not CSV, by how they begin. */
const TEXTS: readonly { readonly start: string; readonly message: string }[] = [
  { start: '-----BEGIN PGP', message: `this is encrypted with PGP; ${DECRYPT}` },
];

/**
 * What a file is, when it is certainly not CSV text; `undefined` otherwise.
 *
 * @example
 * recogniseForeignFile(Buffer.from('%PDF-1.7')); // 'this is a PDF; …'
 */
export function recogniseForeignFile(head: Uint8Array): string | undefined {
  const latin = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  for (const signature of SIGNATURES) {
    if (!signature.bytes.every((byte, index) => head[index] === byte)) continue;
    const isWorkbook = latin.includes('[Content_Types].xml') || latin.includes('xl/');
    return isWorkbook ? `this is an Excel workbook; ${SAVE_AS_CSV}` : signature.message;
  }
  const text = latin.replace(/^(?:\u00ef\u00bb\u00bf)?\s*/, '');
  return TEXTS.find(({ start }) => text.startsWith(start))?.message;
}
