// Lists in pages: every page is read, in order, and from no other host.

import { describe, expect, it } from 'vitest';
import { listPages } from '../../src/graph/paging.js';
import type { HttpResult } from '../../src/graph/transport.js';
import { inVirtualTime } from '../virtual-run.js';
import { answer, BASE, type Scripted, scripted } from './scripted.js';

function page(value: unknown, nextLink?: unknown): HttpResult {
  return answer(200, { value, ...(nextLink === undefined ? {} : { '@odata.nextLink': nextLink }) });
}

async function readAll({ client }: Scripted): Promise<readonly unknown[]> {
  const pages: unknown[] = [];
  for await (const items of listPages(client, { path: '/things' })) pages.push(items);
  return pages;
}

/** What reading the list from these answers ends in. */
function reading(...answers: readonly HttpResult[]): Promise<readonly unknown[]> {
  return inVirtualTime((clock) => readAll(scripted(clock, answers)));
}

describe('a list', () => {
  it('is read to its end, with each link as the service wrote it', async () => {
    await inVirtualTime(async (clock) => {
      const link = `${BASE}/things?$skiptoken=a%20b%2Fc&$top=2`;
      const world = scripted(clock, [page([1, 2], link), page([3])]);
      expect(await readAll(world)).toEqual([[1, 2], [3]]);
      expect(world.transport.requests.map(({ url }) => url)).toEqual([`${BASE}/things`, link]);
    });
  });

  it('goes on behind an empty page', async () => {
    expect(await reading(page([1], `${BASE}/p2`), page([], `${BASE}/p3`), page([2]))).toEqual([[1], [], [2]]);
  });

  it('ends at a link that is null', async () => {
    expect(await reading(page([1], null))).toEqual([[1]]);
  });

  it('is empty when the service says so', async () => {
    expect(await reading(page([]))).toEqual([[]]);
  });

  it.each([
    ['links to another host', [page([1], 'https://evil.test/beta/things')], 'links to another host'],
    ['links to another port', [page([1], 'https://graph.test:444/beta/p2')], 'links to another host'],
    [
      'links to the same host in the clear',
      [page([1], 'http://graph.test/beta/p2')],
      'links to another host',
    ],
    ['links to itself', [page([1], `${BASE}/things`)], 'links back to a page that was read already'],
    [
      'links in a circle',
      [page([1], `${BASE}/p2`), page([2], `${BASE}/p3`), page([3], `${BASE}/p2`)],
      'links back to a page that was read already',
    ],
    ['has a link that is no URL', [page([1], '/beta/p2')], 'has a next link that is no URL'],
    ['has a link that is a number', [page([1], 7)], 'has a next link that is no URL'],
    ['has no value', [answer(200, { items: [] })], 'has no list in it'],
    ['has a value that is no list', [page({ a: 1 })], 'has no list in it'],
    ['is null', [answer(204)], 'has no list in it'],
    [
      'is refused on its second page',
      [page([1], `${BASE}/p2`), answer(410, { error: { code: 'gone', message: 'Token expired.' } })],
      'was HTTP 410 gone: Token expired.',
    ],
  ])('is never taken for whole when it %s', async (_what, answers, says) => {
    await expect(reading(...answers)).rejects.toMatchObject({
      code: 'graph-failed',
      message: expect.stringContaining(says) as string,
      data: 'The list could not be read to its end, so nothing was decided from it.',
    });
  });
});
