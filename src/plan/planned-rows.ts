// The rows of a plan in columns, beside the rows of the job that they are about: file, line, serial number and user
// stand there once. A planned row becomes an object when it is looked at; one that is anything unusual is kept as the
// object that it is. Pure.

import { type IdIndex, IdReferences, idColumn } from '../compact/id-index.js';
import { NumberColumn } from '../compact/number-column.js';
import type { PlainLines } from '../compact/plain-lines.js';
import { type Rows, RowTable } from '../compact/rows.js';
import { invariant } from '../errors.js';
import type { DesiredRow, DesiredRows, RowAddress, RowPart } from '../manifest/row.js';
import type { PlannedRow } from './plan.js';

/** What many rows have in common: what is expected of them, what they were, and what is to be done. */
export type Course = Pick<PlannedRow, 'expect' | 'actions' | 'already' | 'decided'>;

/** Where the ids of a tenant's tokens and users stand. */
export interface TenantIds {
  readonly ids?: IdIndex;
  readonly people?: IdIndex;
}

/** What the plan says of a plain row by numbers: the places of token and user among the tenant's ids. */
export interface PlainRow {
  /** −1 where the token is not there yet. */
  readonly token: number;
  readonly person: number;
  readonly course: Course;
}

/** Plain rows by numbers: what they are about, without making them. */
export interface PlainRows {
  /** `undefined` for a row that is kept as an object. */
  courseAt(n: number): Course | undefined;
  /** Where the token and the user of a plain row stand among the tenant's ids; −1 where there is none. */
  tokenAt(n: number): number;
  personAt(n: number): number;
}

/** Parts of planned rows by their positions. */
export interface PlannedParts {
  /** Where a plain row stands, when it can be written. */
  addressAt(n: number): RowAddress | undefined;
  /** The serial number of a row, where it can be had without the rest. */
  serialNumberAt(n: number): string | undefined;
  /** Adds a part of such a row to a line. */
  write(part: PlannedPart, n: number, to: PlainLines): void;
}

export type PlannedPart = RowPart | 'deviceId' | 'userId';

export class PlannedRows extends RowTable<PlannedRow> implements PlannedParts {
  readonly #desired: DesiredRows;
  readonly #tenant: TenantIds;
  readonly #userIds: ReturnType<typeof idColumn>;
  readonly #deviceIds: ReturnType<typeof idColumn>;
  readonly #courses = new NumberColumn();
  readonly #courseOf: Course[] = [];
  readonly #courseCodes = new Map<string, number>();
  readonly #kept = new Map<number, PlannedRow>();
  /** Rows that follow each other often take the same course. */
  #lastCode = -1;

  /**
   * @param desired - the rows of the job; row `n` of the plan is about row `n` of these.
   * @param tenant - ids that are not kept a second time.
   */
  constructor(desired: DesiredRows, tenant: TenantIds = {}) {
    super();
    this.#desired = desired;
    this.#tenant = tenant;
    this.#userIds = idColumn(tenant.people);
    this.#deviceIds = idColumn(tenant.ids);
  }

  get length(): number {
    return this.#courses.length;
  }

  /** Adds the next row. @param of - the row of the job that it is about; absent when there is none. */
  push(row: PlannedRow, of: DesiredRow | undefined): void {
    const position = this.length;
    if (row.decided !== undefined || row.targets !== undefined || !isAbout(row, of, position)) {
      this.#kept.set(position, row);
      this.#userIds.push('');
      this.#deviceIds.push('');
      this.#courses.push(0);
      return;
    }
    this.#userIds.push(row.userId);
    this.#deviceIds.push(row.deviceId);
    this.#courses.push(this.#codeOf(row));
  }

  /** Adds the next row, which is about the row of the job behind the last one. */
  pushPlain({ token, person, course }: PlainRow): void {
    const [users, tokens] = [this.#userIds, this.#deviceIds];
    invariant(
      users instanceof IdReferences && tokens instanceof IdReferences,
      'places of ids that have none',
    );
    users.pushPlace(person);
    tokens.pushPlace(token);
    this.#courses.push(this.#codeOf(course));
  }

  at(n: number): PlannedRow | undefined {
    if (n < 0 || n >= this.length) return undefined;
    const kept = this.#kept.get(n);
    if (kept !== undefined) return kept;
    const course = this.#courseOf[this.#courses.at(n)];
    const { parts } = this.#desired;
    const desired = parts === undefined ? this.#desired.at(n) : parts.placeAt(n);
    if (course === undefined || desired === undefined) return undefined;
    const { address, serialNumber } = desired;
    const { expect, actions, already } = course;
    const user = desired.user ?? '';
    const userId = this.#userIds.at(n);
    const deviceId = this.#deviceIds.at(n);
    // Literals that are whole: objects that are put together from parts take three times as long.
    return already === undefined
      ? { n, address, serialNumber, user, userId, deviceId, expect, actions }
      : { n, address, serialNumber, user, userId, deviceId, expect, actions, already };
  }

  get parts(): PlannedParts {
    return this;
  }

  addressAt(n: number): RowAddress | undefined {
    return this.#kept.has(n) ? undefined : this.#desired.parts?.addressAt(n);
  }

  serialNumberAt(n: number): string | undefined {
    return this.#kept.get(n)?.serialNumber ?? this.#desired.parts?.serialNumberAt(n);
  }

  write(part: PlannedPart, n: number, to: PlainLines): void {
    if (part === 'deviceId') this.#deviceIds.write(n, to);
    else if (part === 'userId') this.#userIds.write(n, to);
    else this.#desired.parts?.write(part, n, to);
  }

  /** The plain rows, where their ids are not kept a second time beside those of this tenant. */
  plain({ ids, people }: TenantIds): PlainRows | undefined {
    const [tokens, users] = [this.#deviceIds, this.#userIds];
    const areThese = ids === this.#tenant.ids && people === this.#tenant.people;
    if (!areThese || !(tokens instanceof IdReferences) || !(users instanceof IdReferences)) return undefined;
    return {
      courseAt: (n) => (this.#kept.has(n) ? undefined : this.#courseOf[this.#courses.at(n)]),
      tokenAt: (n) => tokens.placeAt(n),
      personAt: (n) => users.placeAt(n),
    };
  }

  /** Those that are decided already, or are about other tokens than their own. */
  unusual(): Iterable<PlannedRow> {
    return this.#kept.values();
  }

  /** {@link notableRows} of these. The others are not even made. */
  *notable(): Generator<PlannedRow, void> {
    const isToDo = this.#courseOf.map(({ actions }) => actions.length > 0);
    for (let n = 0; n < this.length; n += 1) {
      const kept = this.#kept.size === 0 ? undefined : this.#kept.get(n);
      if (kept === undefined && isToDo[this.#courses.at(n)] !== true) continue;
      const row = kept ?? this.at(n);
      if (row !== undefined && isNotable(row)) yield row;
    }
  }

  /** How many rows take each course, and beside them the rows that are unusual. */
  *eachCourse(): Generator<readonly [course: Course, count: number], void> {
    const counts = new Array<number>(this.#courseOf.length).fill(0);
    for (let n = 0; n < this.length; n += 1) {
      if (this.#kept.has(n)) continue;
      const code = this.#courses.at(n);
      counts[code] = (counts[code] ?? 0) + 1;
    }
    for (const [code, course] of this.#courseOf.entries()) yield [course, counts[code] ?? 0];
    for (const row of this.#kept.values()) yield [row, 1];
  }

  #codeOf({ expect, actions, already }: Course): number {
    const last = this.#courseOf[this.#lastCode];
    if (last?.expect === expect && last.actions === actions && last.already === already)
      return this.#lastCode;
    this.#lastCode = this.#codeFor(expect, actions, already);
    return this.#lastCode;
  }

  #codeFor(
    expect: PlannedRow['expect'],
    actions: PlannedRow['actions'],
    already: PlannedRow['already'],
  ): number {
    const key = `${expect} ${already ?? ''} ${actions.join(' ')}`;
    const known = this.#courseCodes.get(key);
    if (known !== undefined) return known;
    this.#courseCodes.set(key, this.#courseOf.length);
    return this.#courseOf.push({ expect, actions, ...(already === undefined ? {} : { already }) }) - 1;
  }
}

/**
 * The rows of a plan of which something is to be done, or was decided, in their order: mostly few of them, for the
 * others are as they should be.
 */
export function* notableRows(rows: Rows<PlannedRow>): Generator<PlannedRow, void> {
  if (rows instanceof PlannedRows) yield* rows.notable();
  else for (const row of rows) if (isNotable(row)) yield row;
}

function isNotable({ actions, decided }: PlannedRow): boolean {
  return actions.length > 0 || decided !== undefined;
}

/** Whether the row of the job says what the planned row would say of itself. */
function isAbout(row: PlannedRow, of: DesiredRow | undefined, position: number): boolean {
  return (
    of !== undefined &&
    row.n === position &&
    row.serialNumber === of.serialNumber &&
    row.user === (of.user ?? '') &&
    row.address.line === of.address.line &&
    row.address.file === of.address.file
  );
}
