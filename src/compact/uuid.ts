// UUIDs as Graph writes the ids of users and tokens: 36 characters in lower case (RFC 9562, section 4), read into four
// words of 32 bits and written from them. Pure, but for what it remembers of the text that was read last.

/** Words of a UUID. */
export const WORDS = 4;

/** Characters of a UUID. */
export const UUID_LENGTH = 36;

/** Where four hexadecimal digits of a UUID stand at a time, two fours for each word; between them are hyphens. */
const FOURS_OF_WORD = [
  [0, 4],
  [9, 14],
  [19, 24],
  [28, 32],
] as const;
const HYPHENS = [8, 13, 18, 23] as const;
const HYPHEN = 0x2d;

const NO_DIGIT = 0xff;

/** The value of a character as a lower-case hexadecimal digit. */
const DIGIT_VALUES = Uint8Array.from({ length: 128 }, (_, code) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(code));
  return value < 0 ? NO_DIGIT : value;
});

const DIGITS = Buffer.from('0123456789abcdef', 'latin1');

/** Where a UUID is written before it becomes a text: one that is put together from parts leaves them all behind. */
const written = Buffer.alloc(UUID_LENGTH);

/** The four words of the last UUID that was read. */
export const read = new Uint32Array(WORDS);

/** The text that was read last, and whether it is one: the same text is mostly asked for twice. */
let lastText = '';
let lastIsUuid = false;

/** Reads a UUID in lower case into `read`; false when the text is none, or is nought. */
export function readUuid(text: string): boolean {
  if (text === lastText) return lastIsUuid;
  lastText = text;
  lastIsUuid = readWords(text) && (read[0] !== 0 || read[1] !== 0 || read[2] !== 0 || read[3] !== 0);
  return lastIsUuid;
}

/** The same of bytes in ASCII, of which so many have to be there from a place on. */
export function readUuidAt(bytes: Uint8Array, start: number): boolean {
  // What is remembered of a text is not in `read` any more.
  lastText = '';
  lastIsUuid = false;
  for (const at of HYPHENS) if (bytes[start + at] !== HYPHEN) return false;
  for (let word = 0; word < WORDS; word += 1) {
    const [left, right] = FOURS_OF_WORD[word] ?? FOURS_OF_WORD[0];
    const upper = fourDigitsAt(bytes, start + left);
    const lower = fourDigitsAt(bytes, start + right);
    if (upper < 0 || lower < 0) return false;
    read[word] = (upper << 16) | lower;
  }
  return read[0] !== 0 || read[1] !== 0 || read[2] !== 0 || read[3] !== 0;
}

function readWords(text: string): boolean {
  if (text.length !== UUID_LENGTH) return false;
  for (const at of HYPHENS) if (text.charCodeAt(at) !== HYPHEN) return false;
  for (let word = 0; word < WORDS; word += 1) {
    const [left, right] = FOURS_OF_WORD[word] ?? FOURS_OF_WORD[0];
    const upper = fourDigits(text, left);
    const lower = fourDigits(text, right);
    if (upper < 0 || lower < 0) return false;
    read[word] = (upper << 16) | lower;
  }
  return true;
}

/** The number that four hexadecimal digits are; negative when they are none. */
function fourDigits(text: string, at: number): number {
  const first = DIGIT_VALUES[text.charCodeAt(at)] ?? NO_DIGIT;
  const second = DIGIT_VALUES[text.charCodeAt(at + 1)] ?? NO_DIGIT;
  const third = DIGIT_VALUES[text.charCodeAt(at + 2)] ?? NO_DIGIT;
  const fourth = DIGIT_VALUES[text.charCodeAt(at + 3)] ?? NO_DIGIT;
  if ((first | second | third | fourth) > 0xf) return -1;
  return (first << 12) | (second << 8) | (third << 4) | fourth;
}

function fourDigitsAt(bytes: Uint8Array, at: number): number {
  const first = DIGIT_VALUES[bytes[at] ?? NO_DIGIT] ?? NO_DIGIT;
  const second = DIGIT_VALUES[bytes[at + 1] ?? NO_DIGIT] ?? NO_DIGIT;
  const third = DIGIT_VALUES[bytes[at + 2] ?? NO_DIGIT] ?? NO_DIGIT;
  const fourth = DIGIT_VALUES[bytes[at + 3] ?? NO_DIGIT] ?? NO_DIGIT;
  if ((first | second | third | fourth) > 0xf) return -1;
  return (first << 12) | (second << 8) | (third << 4) | fourth;
}

/** Whether a text is a UUID in lower case, as object ids are. That of nought, which nobody has, is none. */
export function isUuid(text: string): boolean {
  return readUuid(text);
}

/** Writes four words, from a place among others on, as a UUID of 36 bytes in ASCII. */
export function writeUuid(words: Uint32Array, first: number, to: Buffer, start: number): void {
  for (const hyphen of HYPHENS) to[start + hyphen] = HYPHEN;
  for (let word = 0; word < WORDS; word += 1) {
    const [left, right] = FOURS_OF_WORD[word] ?? FOURS_OF_WORD[0];
    const value = words[first + word] ?? 0;
    writeFour(value >>> 16, to, start + left);
    writeFour(value, to, start + right);
  }
}

/** The same as a text. */
export function uuidOf(words: Uint32Array, first: number): string {
  writeUuid(words, first, written, 0);
  return written.toString('latin1');
}

function writeFour(value: number, to: Buffer, at: number): void {
  to[at] = DIGITS[(value >>> 12) & 0xf] ?? 0;
  to[at + 1] = DIGITS[(value >>> 8) & 0xf] ?? 0;
  to[at + 2] = DIGITS[(value >>> 4) & 0xf] ?? 0;
  to[at + 3] = DIGITS[value & 0xf] ?? 0;
}
