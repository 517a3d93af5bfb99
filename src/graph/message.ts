// One request to Microsoft Graph as it leaves: signed, with an id of its own.

import { VERSION } from '../version.js';
import type { PageBytes } from './page-bytes.js';
import type { HttpMethod, HttpRequest } from './transport.js';

/** A request that has not left yet. */
export interface Unsent {
  readonly method: HttpMethod;
  readonly url: string;
  readonly clientRequestId: string;
  readonly body: () => string | undefined;
  /** Where the bytes of the answer may go. */
  readonly into?: PageBytes | undefined;
}

const USER_AGENT = `oathbatch/${VERSION}`;

/** The message of a request. @param rewritten - what leaves in place of its body. */
export function messageOf(
  { method, clientRequestId, body, into }: Unsent,
  { url, token }: { readonly url: string; readonly token: string },
  rewritten: (body: string) => string,
): HttpRequest {
  const headers: Record<string, string> = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'user-agent': USER_AGENT,
    'client-request-id': clientRequestId,
  };
  const written = body();
  if (written !== undefined) {
    headers['content-type'] = 'application/json';
    return { method, url, headers, body: rewritten(written) };
  }
  return into === undefined ? { method, url, headers } : { method, url, headers, into };
}
