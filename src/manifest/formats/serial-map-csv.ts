// The table that gives serial numbers to the entries of an authenticator's export: `name,serial number`.

import { columnNames, inColumn } from '../column-names.js';
import { matchHeadings, normaliseHeading } from '../headings.js';
import type { RowAddress } from '../row.js';
import { checkSerialNumber } from '../serial-number.js';
import { type TableFormat, tidyCell, wrongCellCount } from './table-format.js';

/** The serial number of one entry. */
export interface SerialMapRow {
  readonly address: RowAddress;
  readonly name: string;
  readonly serialNumber: string;
}

const RULES = [
  { name: 'name', aliases: ['entry', 'account', 'label', 'user', 'upn'], required: true },
  { name: 'serial number', aliases: ['serial', 'serial no', 'token serial'], required: true },
];

const KNOWN: ReadonlySet<string> = new Set(
  RULES.flatMap(({ name, aliases }) => [name, ...aliases]).map(normaliseHeading),
);

export const serialMapCsv: TableFormat<SerialMapRow> = {
  knowsHeading: (cell) => KNOWN.has(normaliseHeading(cell)),
  open([first]) {
    const header = first?.cells.map(tidyCell) ?? [];
    const match = matchHeadings(header, RULES, 'name,serial number');
    if (!match.ok) {
      return { ok: false, troubles: match.problems.map((one) => ({ line: first?.line ?? 1, ...one })) };
    }
    const nameColumn = match.columns.get('name') ?? -1;
    const serialColumn = match.columns.get('serial number') ?? -1;
    const names = columnNames(match.columns, header);
    return {
      ok: true,
      table: {
        description: {
          format: 'serial-map-csv',
          title: 'a list of entry names and serial numbers',
          heading: true,
        },
        skip: 1,
        read(cells, address) {
          const miscounted = wrongCellCount(cells, header.length, address);
          if (miscounted !== undefined) return miscounted;
          const serialNumber = tidyCell(cells[serialColumn] ?? '');
          const name = tidyCell(cells[nameColumn] ?? '');
          const trouble = checkSerialNumber(serialNumber);
          if (trouble !== undefined) {
            const { reason, detail } = inColumn(trouble, names.get('serial number'));
            return { address, reason, detail };
          }
          if (name !== '') return { address, name, serialNumber };
          const nameless = { reason: 'user-missing', detail: 'the name of the entry is empty' } as const;
          return { address, ...inColumn(nameless, names.get('name')) };
        },
        remarks: () => [],
      },
    };
  },
};
