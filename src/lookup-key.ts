// The keys under which serial numbers and users are looked up, wherever two spellings of one may meet.

const OWN_SERIAL_KEY = /^[\dA-Z-]+$/;
const OWN_USER_KEY = /^[\da-z@._-]+$/;

/** Codes of ASCII. */
const ASCII = 128;

/** For each byte, whether a text that consists of such ones in ASCII is its own key. */
const OWN_SERIAL_BYTES = bytesOf(OWN_SERIAL_KEY);
const OWN_USER_BYTES = bytesOf(OWN_USER_KEY);

function bytesOf(own: RegExp): readonly boolean[] {
  return Array.from({ length: ASCII }, (_, code) => own.test(String.fromCharCode(code)));
}

/**
 * The key under which a serial number is looked up: surrounding blanks and case do not count, because
 * vendors and directories disagree about them. Everything else does: leading zeros are part of it (formats.md, section 14).
 *
 * @example
 * serialKey(' galt00012 '); // 'GALT00012'
 */
export function serialKey(serialNumber: string): string {
  // A quick look first: most are their own key, and a million of them pass here more than once.
  return OWN_SERIAL_KEY.test(serialNumber) ? serialNumber : serialNumber.trim().toUpperCase();
}

/** The key under which a user is looked up: principal names and object ids are case-insensitive. */
export function userKey(user: string): string {
  return OWN_USER_KEY.test(user) ? user : user.trim().toLowerCase();
}

/** Whether bytes are a serial number that is its own {@link serialKey}, in ASCII. */
export function isOwnSerialKey(bytes: Uint8Array, start: number, end: number): boolean {
  return consistsOf(OWN_SERIAL_BYTES, bytes, start, end);
}

/** Whether bytes are a name that is its own {@link userKey}, in ASCII. */
export function isOwnUserKey(bytes: Uint8Array, start: number, end: number): boolean {
  return consistsOf(OWN_USER_BYTES, bytes, start, end);
}

function consistsOf(own: readonly boolean[], bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i += 1) if (own[bytes[i] ?? ASCII] !== true) return false;
  return end > start;
}

/** Whether a name in the files means the person who signed in: `me`. */
export function isMe(user: string): boolean {
  return /^\s*me\s*$/i.test(user);
}
