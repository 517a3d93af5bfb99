// A list of users who shall get a token, whichever it is: the next one of the manifests (`dealt`), or the next one
// of a model (`stock`). Other columns are not read.

import { type ColumnMap, findMappedColumns } from '../column-map.js';
import { type ColumnNames, columnNames, inColumn } from '../column-names.js';
import { type HeadingRule, matchHeadings, normaliseHeading } from '../headings.js';
import type { Invalidity, RequestRow } from '../row.js';
import { resemblesKey } from '../secret-encoding.js';
import { namesUser, USER_MALFORMED } from '../user-name.js';
import { USER_HEADINGS } from './assignments-csv.js';
import { type Table, type TableFormat, tidyCell, wrongCellCount } from './table-format.js';

const FIELDS = ['user', 'model'] as const;

type RequestField = (typeof FIELDS)[number];

export type RequestColumns = ColumnMap<RequestField>;

const MODEL_HEADINGS = ['model', 'product', 'token model', 'token type'] as const;

const KNOWN: ReadonlySet<string> = new Set([...USER_HEADINGS, ...MODEL_HEADINGS].map(normaliseHeading));

/**
 * The layout, ready to look at the first records.
 *
 * @example
 * requestsCsv('stock').open([{ cells: ['user', 'model'], line: 1 }]);
 */
export function requestsCsv(join: 'dealt' | 'stock', columns?: RequestColumns): TableFormat<RequestRow> {
  const rules: readonly HeadingRule[] = [
    { name: 'user', aliases: USER_HEADINGS, required: true },
    ...(join === 'stock' ? [{ name: 'model', aliases: MODEL_HEADINGS, required: true }] : []),
  ];
  return {
    knowsHeading: (cell) => KNOWN.has(normaliseHeading(cell)),
    open([first]) {
      const header = first?.cells.map(tidyCell) ?? [];
      const found =
        columns === undefined
          ? matchHeadings(header, rules, rules.map(({ name }) => name).join(','))
          : findMappedColumns(columns, header, FIELDS);
      if (!found.ok) {
        const line = first?.line ?? 1;
        return { ok: false, troubles: found.problems.map((problem) => ({ line, ...problem })) };
      }
      const heading = 'heading' in found ? found.heading : true;
      const user = found.columns.get('user') ?? -1;
      const model = join === 'stock' ? found.columns.get('model') : undefined;
      return { ok: true, table: requestTable({ user, model }, heading, header) };
    },
  };
}

function requestTable(
  columns: { readonly user: number; readonly model: number | undefined },
  heading: boolean,
  first: readonly string[],
): Table<RequestRow> {
  const indexes = [['user', columns.user] as const, ['model', columns.model ?? -1] as const];
  const names = columnNames(new Map(indexes), heading ? first : undefined);
  return {
    description: {
      format: columns.model === undefined ? 'users-csv' : 'users-and-models-csv',
      title: 'a list of users who shall get a token',
      heading,
      columns: [
        { number: columns.user + 1, field: 'user' },
        ...(columns.model === undefined ? [] : [{ number: columns.model + 1, field: 'model' }]),
      ],
    },
    skip: heading ? 1 : 0,
    read(cells, address) {
      const miscounted = wrongCellCount(cells, first.length, address);
      if (miscounted !== undefined) return miscounted;
      const user = tidyCell(cells[columns.user] ?? '');
      const model = columns.model === undefined ? undefined : tidyCell(cells[columns.model] ?? '');
      const trouble = troubleWith(user, model, names);
      if (trouble === undefined) return { address, user, ...(model === undefined ? {} : { model }) };
      return { address, ...trouble, ...(user === '' || resemblesKey(user) ? {} : { user }) };
    },
    remarks: () => [],
  };
}

/** Everything that is wrong with a row: the first trouble is its reason. */
function troubleWith(
  user: string,
  model: string | undefined,
  names: ColumnNames<RequestField>,
): Invalidity | undefined {
  const troubles: Invalidity[] = [];
  if (user === '') {
    troubles.push(inColumn({ reason: 'user-missing', detail: 'the user is empty' }, names.get('user')));
  } else if (!namesUser(user)) {
    troubles.push(inColumn({ reason: 'user-malformed', detail: USER_MALFORMED }, names.get('user')));
  }
  if (model === '') {
    troubles.push(inColumn({ reason: 'model-missing', detail: 'the model is empty' }, names.get('model')));
  }
  const [first] = troubles;
  return first === undefined
    ? undefined
    : { ...first, detail: troubles.map(({ detail }) => detail).join('; ') };
}
