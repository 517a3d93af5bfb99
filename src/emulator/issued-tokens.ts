// The access tokens that the rehearsal's sign-in service has given out, and what each allows.

import type { Clock } from '../clock.js';

/** Who bears a token, and what it allows. */
export interface Caller {
  /** The object id of a person; `undefined` for an application. */
  readonly me: string | undefined;
  readonly permissions: ReadonlySet<string>;
}

/** Tokens remembered; the oldest is forgotten first. */
const TOKENS_MAX = 10_000;

export class IssuedTokens {
  readonly #clock: Clock;
  readonly #callers = new Map<string, Caller & { readonly expiresAtMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Gives out a token with these claims. */
  issue(claims: Readonly<Record<string, unknown>>, caller: Caller, lifetimeMs: number): string {
    const token = unsignedToken(claims);
    const [oldest] = this.#callers.keys();
    if (this.#callers.size >= TOKENS_MAX && oldest !== undefined) this.#callers.delete(oldest);
    this.#callers.set(token, { ...caller, expiresAtMs: this.#clock.wallMs() + lifetimeMs });
    return token;
  }

  /** Who bears this `Authorization` header; `undefined` when such a token was not given out, or has expired. */
  callerOf(authorization: string | undefined): Caller | undefined {
    const caller = this.#callers.get(authorization?.replace(/^Bearer /i, '') ?? '');
    return caller === undefined || caller.expiresAtMs <= this.#clock.wallMs() ? undefined : caller;
  }
}

/** A JSON Web Token that nobody has signed: RFC 7519, section 6. */
export function unsignedToken(payload: Readonly<Record<string, unknown>>): string {
  return `${base64url({ typ: 'JWT', alg: 'none' })}.${base64url(payload)}.`;
}

export function base64url(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
