// The one type that holds a token's secret key. It cannot be printed: every way by which a value
// usually reaches a log, a report or an error message shows a placeholder instead.

import { inspect } from 'node:util';

/** What is shown in place of a secret, everywhere. */
export const SECRET_PLACEHOLDER = '[secret]';

/**
 * A secret key in Base32 (RFC 4648, upper case, without padding), as Microsoft Graph takes it.
 *
 * @example
 * const secret = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
 * `${secret}`;      // '[secret]'
 * secret.reveal();  // for a request body, and for nothing else
 */
export class Secret {
  readonly #base32: string | (() => string);

  /** @param base32 - the text, or where it is found once somebody has to have it: most keys are never looked at. */
  constructor(base32: string | (() => string)) {
    this.#base32 = base32;
  }

  /** The Base32 text. Call it only to build a request body or to compute a one-time code. */
  reveal(): string {
    return typeof this.#base32 === 'string' ? this.#base32 : this.#base32();
  }

  /** Whether it is the same key. */
  is(other: Secret): boolean {
    return this.reveal() === other.reveal();
  }

  /** A number by which the same key is found again. It is for an index in memory, and not to be kept. */
  hash(by: (text: string) => number): number {
    return by(this.reveal());
  }

  toString(): string {
    return SECRET_PLACEHOLDER;
  }

  toJSON(): string {
    return SECRET_PLACEHOLDER;
  }

  [Symbol.toPrimitive](): string {
    return SECRET_PLACEHOLDER;
  }

  [inspect.custom](): string {
    return SECRET_PLACEHOLDER;
  }
}
