// What the real transport does with an answer whose bytes are wanted (src/graph/http-exchange.ts), for transports of tests.

import type { HttpRequest, HttpResult } from '../src/graph/transport.js';

export function intoBytes({ into }: HttpRequest, result: HttpResult): HttpResult {
  if (into === undefined || result.kind !== 'answer') return result;
  if (result.status < 200 || result.status >= 300) return result;
  into.clear();
  into.add(Buffer.from(result.body, 'utf8'));
  return { ...result, body: '', bytes: into };
}
