// Follows a list through its pages (graph-api.md, section 7). The next link is taken as the service wrote it,
// but only to the host that the list came from: a token must not travel elsewhere.

import { OperationError } from '../errors.js';
import type { GraphClient } from './client.js';

/** More pages than any tenant has; it ends a service that links in a circle. */
const PAGES_MAX = 1_000_000;

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

function malformed(path: string, what: string): OperationError {
  return new OperationError({
    code: 'graph-failed',
    what: `The answer to GET ${path} ${what}.`,
    data: 'The list could not be read to its end, so nothing was decided from it.',
    next: 'Run the command again; if it stays so, report it with the log at --log-level debug.',
  });
}

/**
 * The items of a list, a page at a time. A page may be empty and not be the last.
 *
 * @throws {OperationError} what {@link GraphClient.read} throws, and `graph-failed` when the list cannot be
 *   read to its end.
 */
export async function* listPages(
  client: GraphClient,
  path: string,
): AsyncGenerator<readonly unknown[], void> {
  let url = client.url(path);
  const seen = new Set<string>();
  for (let page = 0; page < PAGES_MAX; page += 1) {
    seen.add(url);
    const answer = await client.read(url);
    if (answer.kind === 'refused') {
      throw malformed(
        path,
        `was HTTP ${answer.status} ${answer.code}${answer.message === '' ? '' : `: ${answer.message}`}`,
      );
    }
    const items = member(answer.body, 'value');
    if (!Array.isArray(items)) throw malformed(path, 'has no list in it');
    yield items;
    const link = member(answer.body, '@odata.nextLink');
    if (link === undefined || link === null) return;
    if (typeof link !== 'string' || !URL.canParse(link))
      throw malformed(path, 'has a next link that is no URL');
    if (new URL(link).origin !== new URL(url).origin) throw malformed(path, 'links to another host');
    if (seen.has(link)) throw malformed(path, 'links back to a page that was read already');
    url = link;
  }
  throw malformed(path, 'never ends');
}
