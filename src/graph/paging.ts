// Follows a list through its pages (graph-api.md, section 7). The next link is taken as the service wrote it,
// but only to the host that the list came from: a token must not travel elsewhere.

import { OperationError } from '../errors.js';
import { nextTurn } from '../turn.js';
import type { GraphClient, ReadAnswer } from './client.js';
import { ListedPage } from './listed-page.js';
import { PageBytes } from './page-bytes.js';

/** More pages than any tenant has; it ends a service that links in a circle. */
const PAGES_MAX = 1_000_000;

/** Pages whose bytes are at hand: one that is used, and the next, which arrives meanwhile. */
const PAGES_AT_HAND = 2;

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

/** The items of a page, or the page in its bytes. */
export type ListItems = readonly unknown[] | ListedPage;

interface Page {
  readonly items: ListItems;
  /** Where the list goes on; `undefined` on its last page. */
  readonly link: string | undefined;
}

/** The page in an answer, or why there is none. */
function pageOf(answer: ReadAnswer, url: string, path: string): Page {
  if (answer.kind === 'refused') {
    const { status, code, message } = answer;
    throw malformed(path, `was HTTP ${status} ${code}${message === '' ? '' : `: ${message}`}`);
  }
  const { body } = answer;
  const items: unknown = body instanceof ListedPage ? body : member(body, 'value');
  if (!(items instanceof ListedPage) && !Array.isArray(items)) throw malformed(path, 'has no list in it');
  const link = body instanceof ListedPage ? body.link : member(body, '@odata.nextLink');
  if (link === undefined || link === null) return { items, link: undefined };
  if (typeof link !== 'string' || !URL.canParse(link))
    throw malformed(path, 'has a next link that is no URL');
  if (new URL(link).origin !== new URL(url).origin) throw malformed(path, 'links to another host');
  return { items, link };
}

/** The first page. A service that refuses the options is asked without them. */
async function firstPage(
  client: GraphClient,
  { path, plainPath }: ListPath,
  into: PageBytes | undefined,
): Promise<{ readonly url: string; readonly answer: ReadAnswer }> {
  const url = client.url(path);
  const answer = await client.read(url, into);
  if (plainPath === undefined || answer.kind !== 'refused' || answer.status !== 400) return { url, answer };
  const plainUrl = client.url(plainPath);
  return { url: plainUrl, answer: await client.read(plainUrl, into) };
}

interface ListPath {
  /** Relative to the endpoint's version, with its options. */
  readonly path: string;
  /** The same list without an option that the service may refuse. */
  readonly plainPath?: string;
}

/**
 * The items of a list, a page at a time; while a page is used, the next one is on its way. A page may be empty and
 * not be the last.
 *
 * @throws {OperationError} what {@link GraphClient.read} throws, and `graph-failed` when the list cannot be
 *   read to its end.
 */
export async function* listPages(
  client: GraphClient,
  list: ListPath,
): AsyncGenerator<readonly unknown[], void> {
  for await (const items of pagesOf(client, list, [])) if (!(items instanceof ListedPage)) yield items;
}

/**
 * The same, a page in its bytes where it can be; it is of use until the next one is asked for.
 *
 * @param fields - members of the items that are wanted, as of `PageScanner`.
 * @throws as {@link listPages}.
 */
export function scanPages(
  client: GraphClient,
  list: ListPath,
  fields: readonly string[],
): AsyncGenerator<ListItems, void> {
  return pagesOf(
    client,
    list,
    Array.from({ length: PAGES_AT_HAND }, () => new PageBytes(fields)),
  );
}

/** @param memory - where the bytes of pages may go, in turn; nowhere when left empty. */
async function* pagesOf(
  client: GraphClient,
  list: ListPath,
  memory: readonly PageBytes[],
): AsyncGenerator<ListItems, void> {
  const { path } = list;
  const seen = new Set<string>();
  let { url, answer } = await firstPage(client, list, memory[0]);
  for (let page = 0; page < PAGES_MAX; page += 1) {
    seen.add(url);
    const { items, link } = pageOf(answer, url, path);
    if (link === undefined) {
      yield items;
      return;
    }
    if (seen.has(link)) throw malformed(path, 'links back to a page that was read already');
    const following = client.read(link, memory[(page + 1) % PAGES_AT_HAND]);
    // It is waited for below. Whoever stops in the middle of a list does not hear of it.
    following.catch(() => undefined);
    // It leaves before the page is used, which may take as long as the service takes for the next one.
    await nextTurn();
    yield items;
    answer = await following;
    url = link;
  }
  throw malformed(path, 'never ends');
}
