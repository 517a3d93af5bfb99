// report.html: one file that holds everything it needs, loads nothing, and runs under a policy that
// allows its own style and script and nothing else. The same input gives the same bytes: there is no
// clock and no chance in it.

import { createHash } from 'node:crypto';

import { CLIENT_SCRIPT } from './client-script.js';
import { headline } from './headline.js';
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
import type { ReportInput } from './model.js';

/** A source expression of a Content Security Policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source). */
function hashSource(text: string): string {
  return `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;
}

/** Should markup ever slip through the escaping, this policy still runs, loads and sends nothing. */
const POLICY = [
  "default-src 'none'",
  `style-src ${hashSource(STYLE)}`,
  `script-src ${hashSource(CLIENT_SCRIPT)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** The page in chunks that are to be written one after the other, so that it never stands in memory whole. */
export function* htmlChunks(input: ReportInput): Generator<string, void, undefined> {
  const { summary } = input;
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${headline(input).sentence} ${summary.job}, ${summary.runId}</title>
<style>`.toString();
  yield `${STYLE}</style>\n</head>\n<body>\n`;
  yield html`${ICON_SHEET}
<main>
${topSection(input)}${verdictSection(input)}${attentionSection(input)}${findingsSection(input)}`.toString();
  yield html`${factsSection(input)}${staticRowsSection(input)}${rowsSection(input)}</main>
<footer><p>Written by ${summary.tool}. Verdicts come from listing the tenant, never from the answers to the writes.</p></footer>
<script type="application/json" id="report-data">`.toString();
  yield* rowData(input.rows);
  yield `</script>\n<script>${CLIENT_SCRIPT}</script>\n</body>\n</html>\n`;
}

/**
 * The page as one string, for tests and for callers that want to send it on.
 *
 * @example
 * await writeFile('report.html', renderHtml({ summary, rows, findings }));
 */
export function renderHtml(input: ReportInput): string {
  return [...htmlChunks(input)].join('');
}
