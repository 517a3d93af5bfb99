// What the reports are made from, and the order and the groups in which rows are shown on the screen and
// in the page. It is pure, and it judges nothing: verdicts, findings and counts are taken as they come.

import { NumberColumn } from '../compact/number-column.js';
import { ChosenRows, type Rows } from '../compact/rows.js';
import { invariant } from '../errors.js';
import type { Finding, RowVerdict, Verdict, VerdictCount, VerdictList } from '../reconcile/verdict.js';
import type { ActionTally, Course } from './course.js';
import type { RunSummary } from './summary.js';
import { VERDICT_ORDER, VERDICT_WORDS } from './words.js';

/** Everything that the reports of one run are made from. */
export interface ReportInput {
  readonly summary: RunSummary;
  readonly rows: VerdictList;
  readonly findings: readonly Finding[];
  /** How the writes went over time; absent when none was sent. */
  readonly course?: Course;
  /** The plan against what happened; absent or empty when nothing was to be written. */
  readonly actions?: readonly ActionTally[];
}

/** Rows that need a person for the same reason. */
interface AttentionGroup {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly count: number;
  /** The first of them, which stands for the others. */
  readonly example: RowVerdict;
}

/** A report whose numbers disagree must not be written: every row has one verdict, and they add up. */
export function assertAddsUp(input: ReportInput): void {
  const { summary, rows, findings } = input;
  const counts = countVerdicts(rows);
  invariant(
    rows.length === summary.rows,
    `the summary counts ${summary.rows} rows, and there are ${rows.length}`,
  );
  for (const verdict of VERDICT_ORDER) {
    const counted = counts.get(verdict)?.count ?? 0;
    const told = summary.verdicts[verdict];
    invariant(counted === told, `the summary counts ${told} rows as ${verdict}, and there are ${counted}`);
  }
  const told = Object.values(summary.findings).reduce((sum, count) => sum + count, 0);
  invariant(
    told === findings.length,
    `the summary counts ${told} findings, and there are ${findings.length}`,
  );
}

/** How many rows have each verdict. */
export function countVerdicts(rows: VerdictList): ReadonlyMap<Verdict, VerdictCount> {
  const known = rows.counts?.();
  if (known !== undefined) return known;
  const counts = new Map<Verdict, VerdictCount>();
  for (const { verdict, already: wasSo } of rows) {
    const { count, already } = counts.get(verdict) ?? { count: 0, already: 0 };
    counts.set(verdict, { count: count + 1, already: already + (wasSo ? 1 : 0) });
  }
  return counts;
}

function isSettled({ verdict }: Pick<RowVerdict, 'verdict'>): boolean {
  return VERDICT_WORDS[verdict].settled;
}

/** Rows that were not sent need a resume, not a person. */
export function needsPerson(row: Pick<RowVerdict, 'verdict'>): boolean {
  return !isSettled(row) && row.verdict !== 'unsent';
}

/** How many rows need a person. */
export function countNeedingPerson({ summary }: Pick<ReportInput, 'summary'>): number {
  return VERDICT_ORDER.filter((verdict) => needsPerson({ verdict })).reduce(
    (sum, verdict) => sum + summary.verdicts[verdict],
    0,
  );
}

/** The first of them, so many at most. The rows are looked at no further than that. */
export function firstNeedingPerson(
  input: Pick<ReportInput, 'summary' | 'rows'>,
  most: number,
): readonly RowVerdict[] {
  const wanted = Math.min(most, countNeedingPerson(input));
  const first: RowVerdict[] = [];
  if (wanted === 0) return first;
  for (const row of input.rows) if (needsPerson(row) && first.push(row) === wanted) break;
  return first;
}

/** Rows that need a person first, then rows that were not sent, then settled ones; else as they came. */
export function inAttentionOrder(rows: Rows<RowVerdict>): Rows<RowVerdict> {
  const order = new NumberColumn();
  const [unsent, settled] = [new NumberColumn(), new NumberColumn()];
  let position = 0;
  for (const row of rows) {
    const place = needsPerson(row) ? order : row.verdict === 'unsent' ? unsent : settled;
    place.push(position);
    position += 1;
  }
  for (const behind of [unsent, settled]) {
    for (let i = 0; i < behind.length; i += 1) order.push(behind.at(i));
  }
  return new ChosenRows(rows, order);
}

/** The rows that need a person, by verdict and reason: the largest group of each verdict first. */
export function attentionGroups(rows: Iterable<RowVerdict>): readonly AttentionGroup[] {
  const groups = new Map<string, AttentionGroup>();
  for (const row of rows) {
    if (!needsPerson(row)) continue;
    const key = JSON.stringify([row.verdict, row.reason]);
    const known = groups.get(key);
    groups.set(key, {
      verdict: row.verdict,
      reason: row.reason,
      count: (known?.count ?? 0) + 1,
      example: known?.example ?? row,
    });
  }
  const rank = (group: AttentionGroup): number => VERDICT_ORDER.indexOf(group.verdict);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
}

/** The file of each row. */
export function* filesOf(
  rows: Iterable<Pick<RowVerdict, 'file'> | { readonly file?: string }>,
): Generator<string, void> {
  for (const { file } of rows) if (file !== undefined) yield file;
}

/**
 * For each file the end of its path that tells it from the others, so that a table need not repeat folders.
 *
 * @example
 * shortNames(['in/a.csv', 'in/old/b.csv']); // a.csv, b.csv
 * shortNames(['in/a.csv', 'old/a.csv']);    // in/a.csv, old/a.csv
 */
export function shortNames(files: Iterable<string>): ReadonlyMap<string, string> {
  const distinct = [...new Set(files)];
  const endOf = (file: string, parts: number): string => file.split(/[\\/]/).slice(-parts).join('/');
  const nameOf = (file: string): string => {
    const depth = file.split(/[\\/]/).length;
    for (let parts = 1; parts < depth; parts += 1) {
      const end = endOf(file, parts);
      if (distinct.every((other) => other === file || endOf(other, parts) !== end)) return end;
    }
    return file;
  };
  return new Map(distinct.map((file) => [file, nameOf(file)]));
}
