// junit.xml: the rows as test cases, so that a pipeline shows what needs a person where it shows failed tests.
// A settled row has passed, a row that was not sent was skipped, any other has failed; findings fail as well.
// The shape is the one that Jenkins, GitLab and Azure Pipelines read: https://github.com/testmoapp/junitxml

import { countThat } from '../compact/rows.js';
import type { Finding, RowVerdict } from '../reconcile/verdict.js';
import { spelledOut, visible } from './hidden-characters.js';
import { needsPerson, type ReportInput } from './model.js';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/** Text for XML 1.0: what it cannot hold is among the characters that are spelled out. */
function escaped(text: string): string {
  return visible(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, spelledOut)
    .replace(/[&<>"']/g, (found) => ENTITIES.get(found) ?? found);
}

const ROWS_PER_CHUNK = 1_000;

function failure(kind: string, detail: string, next: string): string {
  return `<failure type="${escaped(kind)}" message="${escaped(detail)}">${escaped(`${detail} Next: ${next}`)}</failure>`;
}

function rowCase(row: RowVerdict): string {
  const who = row.user === '' ? '' : ` → ${row.user}`;
  const name = `${row.serialNumber}${who} (${row.file}:${row.line})`;
  const open = `<testcase classname="${escaped(row.file)}" name="${escaped(name)}" file="${escaped(row.file)}" line="${row.line}"`;
  if (needsPerson(row)) {
    return `${open}>${failure(`${row.verdict}/${row.reason}`, row.detail, row.next)}</testcase>\n`;
  }
  if (row.verdict === 'unsent') return `${open}><skipped message="${escaped(row.detail)}"/></testcase>\n`;
  return `${open}/>\n`;
}

function findingCase({ kind, serialNumber, detail, next }: Finding): string {
  return `<testcase classname="findings" name="${escaped(`${kind} ${serialNumber}`)}">${failure(kind, detail, next)}</testcase>\n`;
}

function suite(name: string, tests: number, failures: number, skipped: number, rest: string): string {
  return `<testsuite name="${escaped(name)}" tests="${tests}" failures="${failures}" errors="0" skipped="${skipped}"${rest}>\n`;
}

/** The text of junit.xml in chunks that are to be written one after the other. */
export function* junitXml({ summary, rows, findings }: ReportInput): Generator<string, void, undefined> {
  const failures = countThat(rows, needsPerson);
  const unsent = summary.verdicts.unsent;
  const seconds = (Date.parse(summary.endedAt) - Date.parse(summary.startedAt)) / 1_000;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${escaped(`oathbatch ${summary.job}`)}" tests="${rows.length + findings.length}" failures="${failures + findings.length}" time="${seconds}">\n`;
  const when = ` time="${seconds}" timestamp="${escaped(summary.startedAt)}"`;
  yield suite(`${summary.job} ${summary.runId}`, rows.length, failures, unsent, when);
  let cases: string[] = [];
  for (const row of rows) {
    if (cases.push(rowCase(row)) < ROWS_PER_CHUNK) continue;
    yield cases.join('');
    cases = [];
  }
  yield cases.join('');
  yield '</testsuite>\n';
  if (findings.length > 0) {
    yield suite('findings', findings.length, findings.length, 0, '');
    yield findings.map(findingCase).join('');
    yield '</testsuite>\n';
  }
  yield '</testsuites>\n';
}
