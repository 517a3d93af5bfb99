// The query options of a list: $filter with eq, $select, $top and $skiptoken, and the pages they cut.
// Other options are ignored in silence, as the service may do (graph-api.md, section 7).

import type { Call } from './call.js';
import { badRequest, type GraphFault, isFault } from './graph-error.js';

export type FilterValue = string | number | boolean | null;

/** `property eq value`; the property as `assignedTo/id`. */
export interface Filter {
  readonly property: string;
  readonly value: FilterValue;
}

export interface ListOptions {
  readonly filter: Filter | undefined;
  readonly select: readonly string[] | undefined;
  readonly pageSize: number;
  /** Where the page starts: a position in the list. */
  readonly position: number;
}

/** What a list can be filtered by and which properties it has. */
export interface ListShape {
  readonly filterable: readonly string[];
  readonly selectable: readonly string[];
}

const FILTER =
  /^\s*([A-Za-z][A-Za-z0-9/]*)\s+eq\s+(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)?)|(true|false|null))\s*$/;

/** Only `eq`, and one condition, are documented: graph-api.md, section 3.1.1. */
function parseFilter(text: string, filterable: readonly string[]): Filter | GraphFault {
  const [, property, quoted, digits, word] = FILTER.exec(text) ?? [];
  if (property === undefined)
    return badRequest("Invalid filter clause: only 'property eq value' is supported.");
  const name = filterable.find((known) => known.toLowerCase() === property.toLowerCase());
  if (name === undefined) return badRequest(`Filtering by '${property}' is not supported.`);
  if (quoted !== undefined) return { property: name, value: quoted.replaceAll("''", "'") };
  if (digits !== undefined) return { property: name, value: Number(digits) };
  return { property: name, value: word === 'null' ? null : word === 'true' };
}

function parseSelect(text: string, selectable: readonly string[]): readonly string[] | GraphFault {
  const names: string[] = [];
  for (const part of text.split(',')) {
    const name = selectable.find((known) => known.toLowerCase() === part.trim().toLowerCase());
    if (name === undefined) return badRequest('The $select option names a property that does not exist.');
    names.push(name);
  }
  return names;
}

/** A larger $top is capped, which graph-api.md, section 7 allows for. */
function parsePageSize(text: string | null, call: Call): number | GraphFault {
  const { pageSize, maxPageSize } = call.settings;
  if (text === null) return Math.min(pageSize, maxPageSize);
  if (!/^[1-9]\d{0,8}$/.test(text)) return badRequest('The $top option is not a positive number.');
  return Math.min(Number(text), maxPageSize);
}

const SKIP_TOKEN = /^p(\d{1,15})$/;

function parsePosition(text: string | null): number | GraphFault {
  if (text === null) return 0;
  const [, position] = SKIP_TOKEN.exec(text) ?? [];
  return position === undefined ? badRequest('The $skiptoken option is not valid.') : Number(position);
}

export function parseListOptions(call: Call, shape: ListShape): ListOptions | GraphFault {
  const { query } = call;
  const filterText = query.get('$filter');
  const filter = filterText === null ? undefined : parseFilter(filterText, shape.filterable);
  if (filter !== undefined && 'kind' in filter) return filter;
  const selectText = query.get('$select');
  const select = selectText === null ? undefined : parseSelect(selectText, shape.selectable);
  if (select !== undefined && isFault(select)) return select;
  const pageSize = parsePageSize(query.get('$top'), call);
  if (typeof pageSize === 'object') return pageSize;
  const position = parsePosition(query.get('$skiptoken'));
  if (typeof position === 'object') return position;
  return { filter, select, pageSize, position };
}

/** Only the properties asked for. */
export function selected(
  view: Readonly<Record<string, unknown>>,
  select: readonly string[] | undefined,
): Readonly<Record<string, unknown>> {
  if (select === undefined) return view;
  return Object.fromEntries(select.map((name) => [name, view[name]]));
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page starts; absent on the last one. */
  readonly next: number | undefined;
}

/**
 * How far one page looks for items that match. Behind it the page ends, perhaps with few items or none, and
 * points onwards: graph-api.md, section 7 says that a page may have zero items.
 */
const POSITIONS_PER_PAGE = 20_000;

/** Cuts a page out of `length` positions; `at` answers `undefined` for one that does not belong to the list. */
export function cutPage<Item>(
  { position, pageSize }: Pick<ListOptions, 'position' | 'pageSize'>,
  length: number,
  at: (position: number) => Item | undefined,
): Page<Item> {
  const items: Item[] = [];
  const end = Math.min(length, position + POSITIONS_PER_PAGE);
  let here = position;
  for (; here < end && items.length < pageSize; here += 1) {
    const item = at(here);
    if (item !== undefined) items.push(item);
  }
  return { items, next: here < length ? here : undefined };
}

/** The body of a list: the items, and the address of the next page with the same options. */
export function listBody(
  call: Call,
  context: string,
  page: Page<unknown>,
): Readonly<Record<string, unknown>> {
  const body = { '@odata.context': `${call.root}/$metadata#${context}`, value: page.items };
  if (page.next === undefined) return body;
  const options = [...call.query].filter(([name]) => name !== '$skiptoken');
  const query = [...options, ['$skiptoken', `p${page.next}`] as const]
    .map(([name, value]) => `${encodeURIComponent(name).replaceAll('%24', '$')}=${encodeURIComponent(value)}`)
    .join('&');
  return { ...body, '@odata.nextLink': `${call.root}${call.path}?${query}` };
}
