// How a code is computed, as files write it: time step, hash function, digits, kind. What Microsoft Entra does not
// take is refused by name. A long cell may be a misplaced secret, and is never repeated.

import type { HashFunction, Invalidity, TimeInterval } from './row.js';
import type { Implied } from './token-check.js';

/** The file's own word, else the job's, else what the layout means by silence; two words that differ are a trouble. */
export function readTimeInterval(
  cell: string | undefined,
  job: TimeInterval | undefined,
  implied: TimeInterval | undefined,
): TimeInterval | Invalidity {
  const text = (cell ?? '').trim();
  if (text === '') {
    return job ?? implied ?? { reason: 'interval-missing', detail: 'the time interval is empty' };
  }
  const interval = text === '30' ? 30 : text === '60' ? 60 : undefined;
  if (interval === undefined) {
    const shown = /^\d{1,6}$/.test(text) ? `${text} seconds` : 'not a number of seconds';
    return {
      reason: 'interval-unsupported',
      detail: `the time interval is ${shown}; Microsoft Entra takes 30 or 60`,
    };
  }
  if (job === undefined || job === interval) return interval;
  return {
    reason: 'job-contradiction',
    detail: `the file says a time interval of ${interval} seconds and the job ${job}`,
  };
}

const HASH_FUNCTIONS: ReadonlyMap<string, HashFunction> = new Map([
  ['sha', 'hmacsha1'],
  ['sha1', 'hmacsha1'],
  ['hmacsha1', 'hmacsha1'],
  ['totpsha1', 'hmacsha1'],
  ['sha256', 'hmacsha256'],
  ['hmacsha256', 'hmacsha256'],
  ['totpsha256', 'hmacsha256'],
]);

/** The other members of the family, which Microsoft Graph does not take (graph-api.md, section 2.1). */
const OTHER_HASH = /^(?:hmac|totp)?(?:sha(?:224|384|512)|md5)$/;

export function readHashFunction(
  cell: string | undefined,
  job: HashFunction | undefined,
  implied: HashFunction | undefined,
): HashFunction | Invalidity {
  const text = (cell ?? '').toLowerCase().replace(/[^a-z0-9]/g, '');
  if (text === '') {
    return (
      job ??
      implied ?? {
        reason: 'hash-missing',
        detail: 'the file does not say the hash function; set hashFunction for this manifest in the job file',
      }
    );
  }
  const hash = HASH_FUNCTIONS.get(text);
  if (hash === undefined) {
    const shown = OTHER_HASH.test(text)
      ? text
          .replace(/^(?:hmac|totp)/, '')
          .toUpperCase()
          .replace('SHA', 'SHA-')
      : 'not known';
    return {
      reason: 'hash-unsupported',
      detail: `the hash function is ${shown}; Microsoft Entra takes SHA-1 and SHA-256; ask the vendor for tokens with one of them`,
    };
  }
  if (job === undefined || job === hash) return hash;
  return { reason: 'job-contradiction', detail: `the file says ${hash} and the job ${job}` };
}

/** What a layout means by not saying the hash function. */
export function impliedHash(implied: Implied, keyBytes: number | undefined): HashFunction | undefined {
  if (implied.hashByKeyLength !== true) return implied.hashFunction;
  if (keyBytes === 20) return 'hmacsha1';
  return keyBytes === 32 ? 'hmacsha256' : undefined;
}

/** Microsoft Entra asks for six digits (formats.md, its first lines). */
export function readDigits(cell: string | undefined): Invalidity | undefined {
  const text = (cell ?? '').trim();
  if (text === '' || text === '6') return undefined;
  const shown = /^\d{1,2}$/.test(text) ? `shows ${text} digits` : 'has no readable number of digits';
  return {
    reason: 'digits-unsupported',
    detail: `the token ${shown}; Microsoft Entra takes 6; ask the vendor for tokens with 6 digits`,
  };
}

const TIME_BASED = /^(?:oath[-_ ]?)?totp|^time|^t$|#totp$|:totp$/i;
const EVENT_BASED = /hotp|event|counter|^e$/i;

/** Only time-based tokens can be brought into Entra. */
export function readKind(cell: string | undefined): Invalidity | undefined {
  const text = (cell ?? '').trim();
  if (text === '' || TIME_BASED.test(text)) return undefined;
  return {
    reason: 'not-time-based',
    detail: EVENT_BASED.test(text)
      ? 'the token counts button presses (HOTP); Microsoft Entra takes time-based tokens (TOTP) only; ask the vendor whether they can be had as TOTP'
      : 'the token is not a TOTP token; Microsoft Entra takes nothing else',
  };
}
