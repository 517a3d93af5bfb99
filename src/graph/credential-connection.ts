// Lets the identity library use our own connection: one way through the proxy, one list of trusted certificates, one
// bound on what is answered. By itself the library drops `connection.ca` behind a proxy, reads other variables than
// we do, and follows redirects. Decision 0042.

import type { DeviceCodeCredentialOptions } from '@azure/identity';
import type { HttpMethod, Transport } from './transport.js';

type Policy = NonNullable<DeviceCodeCredentialOptions['additionalPolicies']>[number]['policy'];
type Request = Parameters<Policy['sendRequest']>[0];
type Response = Awaited<ReturnType<Policy['sendRequest']>>;
type Headers = Response['headers'];

/** What the library is told about its connection; part of every credential's options. */
export interface LibraryConnection {
  readonly additionalPolicies: { policy: Policy; position: 'perRetry' }[];
  readonly redirectOptions: { maxRetries: number };
}

/**
 * The options that send what the library asks for over https through the transport. What it asks for over http is
 * this machine's own identity (169.254.169.254 and the like), which goes its own way, with the library's short
 * time-outs.
 */
export function throughOurConnection(transport: Transport): LibraryConnection {
  const policy: Policy = {
    name: 'oathbatchConnection',
    sendRequest: (request, next) =>
      request.url.startsWith('https:') ? sendBy(transport, request) : next(request),
  };
  return { additionalPolicies: [{ policy, position: 'perRetry' }], redirectOptions: { maxRetries: 0 } };
}

async function sendBy(transport: Transport, request: Request): Promise<Response> {
  const { url, body } = request;
  const result = await transport.send({
    method: methodOf(request.method),
    url,
    headers: request.headers.toJSON(),
    ...(typeof body === 'string' ? { body } : {}),
  });
  if (result.kind !== 'answer') throw unanswered(result.reason);
  const { status, headers, body: bodyAsText } = result;
  return { request, status, headers: new AnswerHeaders(headers), bodyAsText };
}

/** Signing in takes these two. */
function methodOf(method: string): HttpMethod {
  return method === 'GET' ? 'GET' : 'POST';
}

/** The failures of the network that pass; anything else is told at once. */
const PASSING = /\b(ETIMEDOUT|ECONNREFUSED|ECONNRESET|ENOTFOUND)\b/;

/** In the form that the library knows as a failure of the network, some of which it tries again. */
function unanswered(reason: string): Error {
  const code = PASSING.exec(reason)?.[0];
  return Object.assign(new Error(reason), { name: 'RestError', ...(code === undefined ? {} : { code }) });
}

/** The headers of an answer, by their names in any spelling. */
class AnswerHeaders implements Headers {
  readonly #values: Map<string, string>;

  constructor(headers: Readonly<Record<string, string>>) {
    this.#values = new Map(Object.entries(headers));
  }

  get(name: string): string | undefined {
    return this.#values.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string | number | boolean): void {
    this.#values.set(name.toLowerCase(), String(value));
  }

  delete(name: string): void {
    this.#values.delete(name.toLowerCase());
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.#values);
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#values.entries();
  }
}
