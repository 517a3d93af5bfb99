// The HTTP port: one request out, one result back. It never retries and never throws for what a network
// does; whether a lost answer may be sent again is decided far above it.

import type { PageBytes } from './page-bytes.js';

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Where the bytes of a successful answer may go, which has no text then. */
  readonly into?: PageBytes;
}

/** An answer, whole. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The bytes of the answer, when the request said where they go. */
  readonly bytes?: PageBytes;
}

/** The request certainly had no effect: no connection was made. */
export interface HttpNotSent {
  readonly kind: 'not-sent';
  readonly reason: string;
}

/** The request may have had its effect, and the answer did not arrive. */
export interface HttpLost {
  readonly kind: 'lost';
  readonly reason: string;
}

export type HttpResult = HttpAnswer | HttpNotSent | HttpLost;

export interface Transport {
  send(request: HttpRequest): Promise<HttpResult>;
  close(): Promise<void>;
}
