// Windows-1252, the encoding of old spreadsheets. Written out here because Node.js 20's own decoder takes the byte
// 0x80 for a control character instead of the euro sign.

/** What the bytes 0x80 to 0x9f stand for (https://encoding.spec.whatwg.org/index-windows-1252.txt); a blank for none. */
const HIGH = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

const FIRST = 0x80;

/** What stands for a byte that Windows-1252 does not have. */
export const NO_CHARACTER = '\ufffd';

/**
 * @example
 * decodeWindows1252(Uint8Array.of(0x4d, 0xfc, 0x80)); // 'Mü€'
 */
export function decodeWindows1252(bytes: Uint8Array): string {
  const latin = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return latin.replace(/[\u0080-\u009f]/g, (control) => {
    const character = HIGH.charAt(control.charCodeAt(0) - FIRST);
    return character === ' ' ? NO_CHARACTER : character;
  });
}
