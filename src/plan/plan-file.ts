// The plan as a file: what `oathbatch plan --out` writes and `oathbatch apply` carries out. Pure: text in,
// text out. It holds no secret; `apply` reads the manifests again and refuses when they have changed.

import { z } from 'zod';
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

const planFileSchema = z.strictObject({
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
  rows: z.array(rowSchema),
});

export type PlanFile = z.infer<typeof planFileSchema>;

/** What a plan file says beside its rows. */
export type PlanFileHead = Omit<PlanFile, 'rows'>;

type FileRow = PlanFile['rows'][number];

export function planFileRows({ rows }: Plan): PlanFile['rows'] {
  return Array.from(rows, fileRow);
}

function fileRow({ address, actions, targets, already, decided, ...row }: PlannedRow): FileRow {
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
    const written = JSON.stringify(fileRow(row), null, indent);
    text += `${isFirst ? open : between}${indent === 0 ? written : written.replaceAll('\n', inner)}`;
    isFirst = false;
    if (text.length >= PIECE_CHARACTERS) {
      yield text;
      text = '';
    }
  }
  yield `${text}${indent === 0 ? ']}' : isEmpty ? ']\n}' : '\n ]\n}'}\n`;
}

/** The plan in a file's text, or a sentence that says what is wrong with it. */
export function readPlanFile(text: string): PlanFile | { readonly wrong: string } {
  const json = parse(text);
  if (json === undefined) return { wrong: 'it is not JSON' };
  const parsed = planFileSchema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return {
    wrong: issue === undefined ? 'it is no plan' : `${issue.path.join('.') || 'the file'}: ${issue.message}`,
  };
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // A file that is no JSON is an expected outcome here, told by the caller.
    return undefined;
  }
}

/** A row reduced to what a plan promises: two plans with the same lines do the same. */
function essence(row: PlanFile['rows'][number]): string {
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

/** The rows in which a plan made now differs from one made before. */
export function movedRows(before: PlanFile['rows'], now: PlanFile['rows']): PlanFile['rows'] {
  const lines = new Map(before.map((row) => [row.n, essence(row)]));
  const changed = now.filter((row) => lines.get(row.n) !== essence(row));
  const gone = before.filter((row) => row.n >= now.length);
  return [...changed, ...gone];
}
