// What changed between two runs: rows that came, went or have another verdict or user, and findings that came or
// went. A row is known again by its serial number, because files and lines change from one delivery to the next.
// Pure.

import { NumberColumn, RepeatingTextColumn } from '../compact/number-column.js';
import type { Rows } from '../compact/rows.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import { serialKey, userKey } from '../lookup-key.js';
import type { Finding, RowVerdict } from '../reconcile/verdict.js';
import { visible } from './hidden-characters.js';
import type { ReportInput } from './model.js';
import { countOf, FINDING_ORDER, formatNumber, VERDICT_ORDER } from './words.js';

/** A row in both runs, with another verdict or user. */
interface ChangedRow {
  readonly before: RowVerdict;
  readonly after: RowVerdict;
}

export interface Comparison {
  /** Rows that both runs have, and nothing changed. */
  readonly same: number;
  readonly changed: readonly ChangedRow[];
  readonly added: readonly RowVerdict[];
  readonly removed: readonly RowVerdict[];
  readonly newFindings: readonly Finding[];
  readonly goneFindings: readonly Finding[];
}

/** Names rows by what they are known again by, in their order; a serial number that stands twice is counted through. */
class Names {
  readonly #names = new TextIndex();
  /** How often each has come so far. */
  readonly #times = new NumberColumn();

  nameOf(row: RowVerdict): string {
    const key = serialKey(row.serialNumber);
    const name = key === '' ? `${row.file}:${row.line}` : key;
    const position = this.#names.add(name);
    const nth = this.#times.at(position) + 1;
    this.#times.put(position, nth);
    return `${name} ${nth}`;
  }
}

/** The rows of the earlier run: of each what is compared, so that few of them are looked at a second time. */
class EarlierRows {
  readonly #rows: Rows<RowVerdict>;
  readonly #names = new TextIndex();
  readonly #verdicts = new RepeatingTextColumn();
  readonly #reasons = new RepeatingTextColumn();
  readonly #users = new TextColumn();
  /** 1 for a row that is in the later run as well. */
  readonly #isLater = new NumberColumn();

  constructor(rows: Rows<RowVerdict>) {
    this.#rows = rows;
    const names = new Names();
    for (const row of rows) {
      // No name comes twice: its position is that of the row.
      this.#names.add(names.nameOf(row));
      this.#verdicts.push(row.verdict);
      this.#reasons.push(row.reason);
      this.#users.push(userKey(row.user));
    }
  }

  /** Where the row with a name is; -1 when there is none. From then on it counts as one of the later run. */
  meet(name: string): number {
    const position = this.#names.find(name);
    if (position >= 0) this.#isLater.put(position, 1);
    return position;
  }

  isSame(position: number, row: RowVerdict): boolean {
    return (
      this.#verdicts.is(position, row.verdict) &&
      this.#reasons.is(position, row.reason) &&
      this.#users.is(position, userKey(row.user))
    );
  }

  /** Those that no name has met. */
  removed(): readonly RowVerdict[] {
    const removed: RowVerdict[] = [];
    for (let position = 0; position < this.#rows.length; position += 1) {
      const row = this.#isLater.at(position) === 0 ? this.#rows.at(position) : undefined;
      if (row !== undefined) removed.push(row);
    }
    return removed;
  }
}

function findingKey({ kind, serialNumber, deviceId, userId }: Finding): string {
  return JSON.stringify([kind, serialKey(serialNumber), deviceId, userId ?? '']);
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(others.map(findingKey));
  return findings.filter((finding) => !known.has(findingKey(finding)));
}

export function compareRuns(before: ReportInput, after: ReportInput): Comparison {
  const earlier = new EarlierRows(before.rows);
  const names = new Names();
  const changed: ChangedRow[] = [];
  const added: RowVerdict[] = [];
  let same = 0;
  for (const row of after.rows) {
    const position = earlier.meet(names.nameOf(row));
    if (position >= 0 && earlier.isSame(position, row)) {
      same += 1;
      continue;
    }
    const was = before.rows.at(position);
    if (position < 0 || was === undefined) added.push(row);
    else changed.push({ before: was, after: row });
  }
  return {
    same,
    changed,
    added,
    removed: earlier.removed(),
    newFindings: without(after.findings, before.findings),
    goneFindings: without(before.findings, after.findings),
  };
}

/** Rows and findings that are shown one by one; `--json` has them all. */
const SHOWN_MAX = 20;

function shown<Item>(items: readonly Item[], line: (item: Item) => string): readonly string[] {
  const more = items.length - SHOWN_MAX;
  return [
    ...items.slice(0, SHOWN_MAX).map((item) => `  ${visible(line(item)).replaceAll('##', '# #')}`),
    ...(more > 0 ? [`  … and ${formatNumber(more)} more`] : []),
  ];
}

const told = ({ verdict, reason }: RowVerdict): string => (reason === '' ? verdict : `${verdict}/${reason}`);
const who = ({ serialNumber, user }: RowVerdict): string =>
  user === '' ? serialNumber : `${serialNumber} → ${user}`;

/** Counts side by side, of what has changed. */
function countLines(
  names: readonly string[],
  before: Readonly<Record<string, number>>,
  after: Readonly<Record<string, number>>,
): readonly string[] {
  return names.flatMap((name) => {
    const [was = 0, is = 0] = [before[name], after[name]];
    const sign = is > was ? '+' : '−';
    return was === is
      ? []
      : [
          `  ${name.padEnd(22)} ${formatNumber(was).padStart(9)} → ${formatNumber(is).padStart(9)}  (${sign}${formatNumber(Math.abs(is - was))})`,
        ];
  });
}

/** The comparison for a person. */
export function comparisonText(before: ReportInput, after: ReportInput, comparison: Comparison): string {
  const { same, changed, added, removed, newFindings, goneFindings } = comparison;
  const section = (title: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', title, ...lines];
  const nothing =
    changed.length + added.length + removed.length + newFindings.length + goneFindings.length === 0;
  return [
    `${before.summary.runId} → ${after.summary.runId}: ${nothing ? `nothing changed in ${countOf(same, 'row')}` : `${countOf(changed.length, 'row')} changed, ${formatNumber(added.length)} came, ${formatNumber(removed.length)} went, ${formatNumber(same)} as before`}`,
    ...section('Counts', [
      ...countLines(VERDICT_ORDER, before.summary.verdicts, after.summary.verdicts),
      ...countLines(FINDING_ORDER, before.summary.findings, after.summary.findings),
    ]),
    ...section(
      'Changed',
      shown(
        changed,
        (row) =>
          `${who(row.after)}  ${told(row.before)} → ${told(row.after)}${userKey(row.before.user) === userKey(row.after.user) ? '' : `  (was for ${row.before.user === '' ? 'nobody' : row.before.user})`}`,
      ),
    ),
    ...section(
      'Came',
      shown(added, (row) => `${who(row)}  ${told(row)}`),
    ),
    ...section(
      'Went',
      shown(removed, (row) => `${who(row)}  was ${told(row)}`),
    ),
    ...section(
      'New findings',
      shown(newFindings, ({ kind, serialNumber, detail }) => `${kind}  ${serialNumber}  ${detail}`),
    ),
    ...section(
      'Findings that are gone',
      shown(goneFindings, ({ kind, serialNumber }) => `${kind}  ${serialNumber}`),
    ),
  ].join('\n');
}
