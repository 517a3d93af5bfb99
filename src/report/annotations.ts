// What needs a person, in the forms in which pipelines show failures beside the code: GitHub's and Azure's
// commands on the screen, and GitLab's code quality file. Pure.

import type { Finding, RowVerdict } from '../reconcile/verdict.js';
import { headline } from './headline.js';
import { visible } from './hidden-characters.js';
import { needsPerson, type ReportInput } from './model.js';
import { countOf } from './words.js';

interface Annotation {
  readonly level: 'error' | 'warning';
  readonly code: string;
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/**
 * A step shows 10 of each level at most, and the others are dropped without a word:
 * https://docs.github.com/actions/reference/limits
 */
const SHOWN_MAX = 10;

const TEXT_MAX = 500;

function brief(text: string): string {
  // Azure looks for its commands anywhere in a line.
  const shown = visible(text).replaceAll('##', '# #');
  return shown.length <= TEXT_MAX ? shown : `${shown.slice(0, TEXT_MAX).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

function ofRow(row: RowVerdict): Annotation {
  const message = brief(`${row.serialNumber}: ${row.detail} ${row.next}`);
  return { level: 'error', code: `${row.verdict}/${row.reason}`, file: row.file, line: row.line, message };
}

function ofFinding({ kind, serialNumber, file, line, detail, next }: Finding): Annotation {
  const message = brief(`${serialNumber}: ${detail} ${next}`);
  return { level: 'warning', code: kind, file: file ?? '', line: line ?? 1, message };
}

function* annotations({ rows, findings }: ReportInput): Generator<Annotation, void, undefined> {
  for (const row of rows) if (needsPerson(row)) yield ofRow(row);
  for (const finding of findings) yield ofFinding(finding);
}

/** The first of each level, and a line that says how many there are when there are more. */
function shownOf(input: ReportInput): { readonly shown: readonly Annotation[]; readonly left: string } {
  const all = [...annotations(input)];
  const firstOf = (level: Annotation['level']): readonly Annotation[] =>
    all.filter((one) => one.level === level).slice(0, SHOWN_MAX);
  const shown = [...firstOf('error'), ...firstOf('warning')];
  const more = all.length - shown.length;
  return { shown, left: more === 0 ? '' : ` ${countOf(more, 'more line')} in the reports.` };
}

/** https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
export function githubAnnotations(input: ReportInput): readonly string[] {
  const data = (text: string): string =>
    text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string =>
    data(visible(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const { shown, left } = shownOf(input);
  return [
    ...shown.map(({ level, code, file, line, message }) => {
      const place = file === '' ? '' : `file=${property(file)},line=${line},`;
      return `::${level} ${place}title=${property(`oathbatch ${code}`)}::${data(message)}`;
    }),
    `::notice title=oathbatch::${data(`${visible(headline(input).sentence)}${left}`)}`,
  ];
}

/** https://learn.microsoft.com/azure/devops/pipelines/scripts/logging-commands#logissue-log-an-error-or-warning */
export function azureAnnotations(input: ReportInput): readonly string[] {
  const data = (text: string): string =>
    text.replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = (text: string): string =>
    data(visible(text)).replaceAll(';', '%3B').replaceAll(']', '%5D');
  const { shown, left } = shownOf(input);
  return [
    ...shown.map(({ level, code, file, line, message }) => {
      const place = file === '' ? '' : `sourcepath=${property(file)};linenumber=${line};`;
      return `##vso[task.logissue type=${level};${place}code=${property(code)}]${data(message)}`;
    }),
    `##[section]${data(`oathbatch: ${visible(headline(input).sentence)}${left}`)}`,
  ];
}

/**
 * The code quality report of a GitLab pipeline: https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 *
 * @param hash - the fingerprint of a text, by which GitLab knows a fault again in the next pipeline.
 */
export function gitlabCodeQuality(input: ReportInput, hash: (text: string) => string): string {
  const issues = [...annotations(input)].map(({ level, code, file, line, message }) => ({
    description: message,
    check_name: code,
    fingerprint: hash(`${code}\n${file}\n${line}\n${message}`),
    severity: level === 'error' ? 'major' : 'minor',
    location: { path: file === '' ? 'tenant' : file, lines: { begin: line } },
  }));
  return `${JSON.stringify(issues, null, 1)}\n`;
}
