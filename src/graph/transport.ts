// The HTTP port: one request out, one result back. It never retries and never throws for what a network
// does; whether a lost answer may be sent again is decided far above it.

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface HttpRequest {
  readonly method: HttpMethod;
  /** Absolute. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, whole. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
