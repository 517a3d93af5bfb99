// The rows of which nothing is to be told: the one token is held by the user whom the row names, as it was planned.
// They are found by numbers alone, without making a row or a token of them, and almost all rows are such. The long
// way through reconcile.ts, findings.ts and holder-findings.ts would come to the same. Pure.

import { isSameMake } from '../compact/make-column.js';
import { NumberColumn } from '../compact/number-column.js';
import type { DesiredRows, RowParts } from '../manifest/row.js';
import type { PlanRows } from '../plan/plan.js';
import type { PlainRows } from '../plan/planned-rows.js';
import type { Observed, TokenPlaces } from '../tenant/observed.js';

/** What is so of an ordinary row. */
export interface OrdinaryRow {
  readonly verdict: 'activated' | 'assigned';
  /** Whether it was so when the plan was made. */
  readonly already: boolean;
}

export interface OrdinaryRows {
  /** `undefined` for a row that has to be looked at. */
  at(n: number): OrdinaryRow | undefined;
}

/** Where nothing is known by number: each row has to be looked at. */
export const NO_ORDINARY_ROWS: OrdinaryRows = { at: () => undefined };

interface Judged {
  readonly plan: PlanRows;
  readonly rows: DesiredRows;
  readonly devices: Observed['devices'];
  readonly users: Observed['users'];
}

/** By the code in which they are kept; 0 is any other row. */
const CODES: readonly OrdinaryRow[] = [
  { verdict: 'assigned', already: false },
  { verdict: 'assigned', already: true },
  { verdict: 'activated', already: false },
  { verdict: 'activated', already: true },
];

/** The ordinary rows, where plan, lists and rows are tables that share their ids. */
export function ordinaryRows({ plan, rows, devices, users }: Judged): OrdinaryRows {
  const { places, people } = devices;
  const { parts } = rows;
  const plain = plan.plain?.(devices);
  const disabled = users.places?.people === people ? users.places?.peopleDisabled() : undefined;
  if (parts === undefined || places === undefined || plain === undefined || disabled === undefined)
    return NO_ORDINARY_ROWS;
  const tables = { parts, places, plain, disabled };
  const codes = new NumberColumn();
  for (let n = 0; n < rows.length; n += 1) codes.push(codeOf(n, tables));
  return { at: (n) => CODES[codes.at(n) - 1] };
}

interface Tables {
  readonly parts: RowParts;
  readonly places: TokenPlaces;
  readonly plain: PlainRows;
  readonly disabled: Pick<NumberColumn, 'at'>;
}

function codeOf(n: number, { parts, places, plain, disabled }: Tables): number {
  const course = plain.courseAt(n);
  const token = plain.tokenAt(n);
  const person = plain.personAt(n);
  if (course === undefined || token < 0 || person < 0) return 0;
  if (places.holderAt(token) !== person || !places.isAlone(token) || disabled.at(person) === 1) return 0;
  const make = parts.makeAt(n);
  if (make === undefined || (make !== 'none' && !isSameMake(make, places.makeAt(token)))) return 0;
  const isActivated = places.statusAt(token) === 'activated';
  const isExpected = course.expect === 'assigned' || (course.expect === 'activated' && isActivated);
  if (!isExpected || places.statusAt(token) === 'failedActivation') return 0;
  return 1 + (isActivated ? 2 : 0) + (course.already === undefined ? 0 : 1);
}
