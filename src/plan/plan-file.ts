// The plan as a file: what `oathbatch plan --out` writes and `oathbatch apply` carries out. Pure; the disk is the
// business of cli/read-plan-file.ts. It holds no secret; `apply` reads the manifests again and refuses when they have
// changed.

import { z } from 'zod';
import type { Rows } from '../compact/rows.js';
import { ACTION_KINDS } from './action.js';
import type { Plan, PlannedRow } from './plan.js';
import { ALREADY_SO, EXPECTATIONS } from './way.js';

export const PLAN_FORMAT = 'oathbatch-plan/1';

const rowSchema = z.strictObject({
  n: z.number().int(),
  file: z.string(),
  line: z.number().int(),
  serialNumber: z.string(),
  user: z.string(),
  userId: z.string(),
  deviceId: z.string(),
  expect: z.enum(EXPECTATIONS),
  actions: z.array(z.enum(ACTION_KINDS)),
  targets: z.array(z.strictObject({ deviceId: z.string(), userId: z.string() }).nullable()).optional(),
  already: z.enum(ALREADY_SO).optional(),
  decided: z
    .strictObject({
      verdict: z.enum(['conflict', 'invalid']),
      reason: z.string(),
      detail: z.string(),
      next: z.string(),
    })
    .optional(),
});

const headSchema = z.strictObject({
  format: z.literal(PLAN_FORMAT),
  tool: z.string(),
  createdAt: z.string(),
  /** The job file, as it was named on the command line, with its overrides and its hash. */
  job: z.strictObject({
    name: z.string(),
    file: z.string(),
    overrides: z.array(z.string()),
    sha256: z.string(),
  }),
  graph: z.string(),
  inputs: z.array(
    z.strictObject({
      role: z.enum(['manifest', 'known-manifest', 'assignments', 'leavers']),
      path: z.string(),
      sha256: z.string(),
      rows: z.number().int(),
    }),
  ),
});

/** What a plan file says beside its rows. */
export type PlanFileHead = z.infer<typeof headSchema>;

/** A row as it stands in a plan file, under the key `rows`. */
export type PlanFileRow = z.infer<typeof rowSchema>;

export function planFileRow({
  address,
  actions,
  targets,
  already,
  decided,
  ...row
}: PlannedRow): PlanFileRow {
  return {
    ...row,
    file: address.file,
    line: address.line,
    actions: [...actions],
    ...(targets === undefined
      ? {}
      : { targets: targets.map((target) => (target === null ? null : { ...target })) }),
    ...(already === undefined ? {} : { already }),
    ...(decided === undefined ? {} : { decided: { ...decided } }),
  };
}

/** A piece of text is handed over when it is so long. */
const PIECE_CHARACTERS = 65_536;

/**
 * The text of a plan file, piece by piece: that of a million rows is longer than a text can be.
 *
 * @param indent - blanks for each level; 0 for all of it in one line.
 */
export function* planFileText(head: PlanFileHead, { rows }: Plan, indent: 0 | 1): Generator<string, void> {
  const [open, between, inner] = indent === 0 ? ['', ',', ''] : ['\n  ', ',\n  ', '\n  '];
  // The head ends in its closing brace, before which the rows are put.
  const before = JSON.stringify(head, null, indent).replace(/\n?\}$/, '');
  const isEmpty = rows.length === 0;
  let text = `${before},${indent === 0 ? '"rows":[' : '\n "rows": ['}`;
  let isFirst = true;
  for (const row of rows) {
    const written = JSON.stringify(planFileRow(row), null, indent);
    text += `${isFirst ? open : between}${indent === 0 ? written : written.replaceAll('\n', inner)}`;
    isFirst = false;
    if (text.length >= PIECE_CHARACTERS) {
      yield text;
      text = '';
    }
  }
  yield `${text}${indent === 0 ? ']}' : isEmpty ? ']\n}' : '\n ]\n}'}\n`;
}

/** What a file says beside its rows, or a sentence that says what is wrong with it. */
export function readPlanHead(value: unknown): PlanFileHead | { readonly wrong: string } {
  return readBy(headSchema, value, []);
}

/** A row of a file, or a sentence that says what is wrong with it. @param position - from 0. */
export function readPlanRow(value: unknown, position: number): PlanFileRow | { readonly wrong: string } {
  return readBy(rowSchema, value, ['rows', position]);
}

function readBy<Read>(
  schema: z.ZodType<Read>,
  value: unknown,
  where: readonly PropertyKey[],
): Read | { readonly wrong: string } {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = [...where, ...(issue?.path ?? [])].map(String).join('.');
  return { wrong: `${path === '' ? 'the file' : path}: ${issue?.message ?? 'it is no plan'}` };
}

/** A row reduced to what a plan promises: two plans with the same lines do the same. */
function essence(row: PlanFileRow): string {
  return JSON.stringify([
    row.n,
    row.serialNumber,
    row.userId,
    row.deviceId,
    row.actions,
    row.targets ?? [],
    row.decided?.reason ?? '',
  ]);
}

/** The rows in which a plan made now differs from one made before, whose rows come one after the other. */
export class MovedRows {
  readonly #now: Rows<PlannedRow>;
  readonly #most: number;
  readonly #first: PlanFileRow[] = [];
  #count = 0;
  /** Where the row stands that is expected next. */
  #position = 0;

  /** @param most - rows that are kept to be named; the others are counted. */
  constructor(now: Rows<PlannedRow>, most: number) {
    this.#now = now;
    this.#most = most;
  }

  /** Takes the next row of before. */
  add(before: PlanFileRow): void {
    this.#passUpTo(before.n);
    const row = this.#now.at(this.#position);
    if (row?.n !== before.n) {
      this.#note(before);
      return;
    }
    const now = planFileRow(row);
    if (essence(now) !== essence(before)) this.#note(now);
    this.#position += 1;
  }

  /** When all rows of before were taken: how many have moved, and the first of them. */
  end(): { readonly count: number; readonly first: readonly PlanFileRow[] } {
    this.#passUpTo(Number.POSITIVE_INFINITY);
    return { count: this.#count, first: this.#first };
  }

  /** Rows that were not there before. */
  #passUpTo(n: number): void {
    for (;;) {
      const row = this.#now.at(this.#position);
      if (row === undefined || row.n >= n) return;
      this.#note(planFileRow(row));
      this.#position += 1;
    }
  }

  #note(row: PlanFileRow): void {
    this.#count += 1;
    if (this.#first.length < this.#most) this.#first.push(row);
  }
}
