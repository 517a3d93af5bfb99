// report.html: one file that holds everything it needs, loads nothing, and runs under a policy that
// allows its own style and script and nothing else. The same input gives the same bytes: there is no
// clock and no chance in it.

import { createHash } from 'node:crypto';

import { CLIENT_CHART } from './client-chart.js';
import { CLIENT_SCRIPT } from './client-script.js';
import { headline } from './headline.js';
import { actionsSection, courseData, courseSection, originsSection } from './html-course.js';
import { html } from './html-escape.js';
import { ICON_SHEET } from './html-icons.js';
import { rowData, rowsSection, staticRowsSection } from './html-rows.js';
import {
  attentionSection,
  factsSection,
  findingsSection,
  topSection,
  verdictSection,
} from './html-sections.js';
import { STYLE } from './html-style.js';
import { waitingSection } from './html-waiting.js';
import type { ReportInput } from './model.js';

/** A source expression of a Content Security Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/** What draws the charts, as text that is put into the page. */
export interface ChartLibrary {
  readonly script: string;
  readonly style: string;
}

/** Should markup ever slip through the escaping, this policy still runs, loads and sends nothing. */
export function policyOf(styles: readonly string[], scripts: readonly string[]): string {
  return [
    "default-src 'none'",
    `style-src ${styles.map(hashSource).join(' ')}`,
    `script-src ${scripts.map(hashSource).join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/**
 * The page in chunks that are to be written one after the other, so that it never stands in memory whole.
 *
 * @param charts - left out, or where nothing was sent, the page has the figures of the course as a table alone.
 */
export function* htmlChunks(input: ReportInput, charts?: ChartLibrary): Generator<string, void, undefined> {
  const { summary } = input;
  const drawn = input.course === undefined ? undefined : charts;
  const styles = [STYLE, ...(drawn === undefined ? [] : [drawn.style])];
  const scripts = [CLIENT_SCRIPT, ...(drawn === undefined ? [] : [drawn.script, CLIENT_CHART])];
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(styles, scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${headline(input).sentence} ${summary.job}, ${summary.runId}</title>
`.toString();
  for (const style of styles) yield `<style>${style}</style>\n`;
  yield '</head>\n<body>\n';
  yield html`${ICON_SHEET}
<main>
${topSection(input)}${verdictSection(input)}${attentionSection(input)}${findingsSection(input)}${waitingSection(input)}${actionsSection(input)}${courseSection(input)}`.toString();
  yield html`${factsSection(input)}${staticRowsSection(input)}${rowsSection(input)}${originsSection()}</main>
<footer><p>Written by ${summary.tool}. Verdicts come from listing the tenant, never from the answers to the writes.</p></footer>
<script type="application/json" id="report-data">`.toString();
  yield* rowData(input.rows);
  yield '</script>\n';
  if (drawn !== undefined) {
    yield `<script type="application/json" id="course-data">${courseData(input)}</script>\n`;
  }
  for (const script of scripts) yield `<script>${script}</script>\n`;
  yield '</body>\n</html>\n';
}

/**
 * The page as one string, for tests and for callers that want to send it on.
 *
 * @example
 * await writeFile('report.html', renderHtml({ summary, rows, findings }));
 */
export function renderHtml(input: ReportInput, charts?: ChartLibrary): string {
  return [...htmlChunks(input, charts)].join('');
}
