// report.html of an audit: what the tenant holds, what needs a person, the makes of tokens, and the users who hold
// many. A page without a script: the tokens one by one are in tokens.csv and report.xlsx.

import { formatDuration } from '../duration.js';
import type { FindingKind } from '../reconcile/verdict.js';
import { type Figures, figuresOf } from './audit-model.js';
import { headline } from './headline.js';
import { policyOf } from './html.js';
import { html, type Markup } from './html-escape.js';
import { ICON_SHEET } from './html-icons.js';
import { shortened, topSection } from './html-sections.js';
import { STYLE } from './html-style.js';
import { type ReportInput, shortNames } from './model.js';
import { countOf, FINDING_ORDER, formatNumber } from './words.js';

/** Of each kind; the others are in findings.csv. */
const FINDINGS_SHOWN = 500;
const HOLDERS_SHOWN = 500;

/** The page in chunks that are to be written one after the other. */
export function* auditHtml(input: ReportInput): Generator<string, void, undefined> {
  const { summary } = input;
  const figures = figuresOf(input);
  yield html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf([STYLE], [])}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${headline(input).sentence} ${summary.job}, ${summary.runId}</title>
`.toString();
  yield `<style>${STYLE}</style>\n</head>\n<body>\n`;
  yield html`${ICON_SHEET}
<main>
${topSection(input)}${statesSection(input, figures)}`.toString();
  for (const kind of FINDING_ORDER) yield findingsOf(kind, input).toString();
  yield html`${makesSection(figures)}${holdersSection(figures)}${factsSection(input)}</main>
<footer><p>Written by ${summary.tool}. Everything here was read from lists of the tenant; nothing was written to it.</p></footer>
</body>
</html>
`.toString();
}

function facts(pairs: readonly (readonly [string, string])[]): Markup {
  return html`<dl class="facts">
${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>\n`)}</dl>
`;
}

function statesSection(input: ReportInput, { states }: Figures): Markup {
  const pairs: readonly (readonly [string, string])[] = [
    ['Activated', formatNumber(states.activated)],
    ['Activated, no use known', formatNumber(states.neverUsed)],
    ['Assigned, not activated', formatNumber(states.assigned)],
    ['Of them failed to activate', formatNumber(states.failed)],
    ['In stock', formatNumber(states.inInventory)],
    ['Users with a token', formatNumber(states.users)],
  ];
  const kinds = FINDING_ORDER.filter((kind) => input.summary.findings[kind] > 0);
  const index = kinds.map(
    (
      kind,
    ) => html`<tr><td><a href="#${kind}"><code class="reason">${kind}</code></a></td><td class="number">${formatNumber(input.summary.findings[kind])}</td></tr>
`,
  );
  return html`<section class="card" aria-labelledby="states">
<h2 id="states">${countOf(input.summary.rows, 'token')}</h2>
${facts(pairs)}${
  kinds.length === 0
    ? ''
    : html`<h3 id="kinds">Findings</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Table of kinds"><table class="counts" aria-labelledby="kinds">
<thead><tr><th scope="col">Finding</th><th scope="col" class="number">How many</th></tr></thead>
<tbody>
${index}</tbody>
</table></div>
`
}</section>
`;
}

function findingsOf(kind: FindingKind, { findings }: ReportInput): Markup {
  const all = findings.filter((finding) => finding.kind === kind);
  if (all.length === 0) return html``;
  const shown = all.slice(0, FINDINGS_SHOWN);
  const names = shortNames(shown.flatMap(({ file }) => file ?? []));
  const lines = shown.map(({ serialNumber, deviceId, userId, file, line, detail, next }) => {
    const place = file === undefined ? '' : `${names.get(file) ?? file}:${line ?? ''}`;
    return html`<tr><td class="mono">${shortened(serialNumber)}</td><td class="mono">${shortened(deviceId)}</td><td class="mono">${userId ?? ''}</td><td>${shortened(place)}</td><td><bdi>${shortened(detail)}</bdi><bdi class="next">${shortened(next)}</bdi></td></tr>
`;
  });
  const more = all.length - shown.length;
  return html`<section class="card" aria-labelledby="${kind}">
<h2 id="${kind}"><code>${kind}</code>: ${countOf(all.length, 'finding')}</h2>
<div class="scroll tall" tabindex="0" role="region" aria-label="Table of ${kind}"><table class="findings">
<thead><tr><th scope="col">Serial number</th><th scope="col">Token id</th><th scope="col">User id</th><th scope="col">Line of the list</th><th scope="col">What is known and what to do</th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
${more > 0 ? html`<p class="soft">… and ${formatNumber(more)} more in findings.csv.</p>\n` : ''}</section>
`;
}

function makesSection({ makes }: Figures): Markup {
  const lines = makes.map(
    (
      make,
    ) => html`<tr><td><bdi>${shortened(make.manufacturer)}</bdi></td><td><bdi>${shortened(make.model)}</bdi></td><td class="number">${make.timeInterval === null ? '' : `${make.timeInterval} s`}</td><td>${make.hashFunction}</td><td class="number">${formatNumber(make.tokens)}</td><td class="number">${formatNumber(make.activated)}</td><td class="number">${formatNumber(make.assigned)}</td><td class="number">${formatNumber(make.inInventory)}</td></tr>
`,
  );
  if (lines.length === 0) return html``;
  return html`<section class="card" aria-labelledby="makes">
<h2 id="makes">Makes of tokens</h2>
<div class="scroll tall" tabindex="0" role="region" aria-label="Table of makes"><table>
<thead><tr><th scope="col">Manufacturer</th><th scope="col">Model</th><th scope="col" class="number">Interval</th><th scope="col">Hash function</th><th scope="col" class="number">Tokens</th><th scope="col" class="number">Activated</th><th scope="col" class="number">Assigned</th><th scope="col" class="number">In stock</th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
</section>
`;
}

function holdersSection({ holders }: Figures): Markup {
  if (holders.length === 0) return html``;
  const lines = holders.slice(0, HOLDERS_SHOWN).map(
    ({
      user,
      userId,
      account,
      serialNumbers,
    }) => html`<tr><td><bdi>${shortened(user)}</bdi></td><td class="mono">${userId}</td><td>${account}</td><td class="number">${serialNumbers.length}</td><td class="mono">${shortened(serialNumbers.join(' '))}</td></tr>
`,
  );
  const more = holders.length - lines.length;
  return html`<section class="card" aria-labelledby="holders">
<h2 id="holders">${countOf(holders.length, 'user')} near the limit of five, or above it</h2>
<p class="soft">Authenticator apps count towards the limit as well, and are not in these figures.</p>
<div class="scroll tall" tabindex="0" role="region" aria-label="Table of holders"><table>
<thead><tr><th scope="col">User</th><th scope="col">User id</th><th scope="col">Account</th><th scope="col" class="number">Tokens</th><th scope="col">Serial numbers</th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
${more > 0 ? html`<p class="soft">… and ${formatNumber(more)} more: tokens_of_user in tokens.csv.</p>\n` : ''}</section>
`;
}

function factsSection({ summary }: ReportInput): Markup {
  const inputs = summary.inputs.map(
    ({ role, path, rows, sha256 }) =>
      html`<tr><td>${role}</td><td>${path}</td><td class="number">${formatNumber(rows)}</td><td class="mono">${sha256}</td></tr>
`,
  );
  return html`<section class="card" aria-labelledby="run">
<h2 id="run">The audit</h2>
${facts([
  ['Run', summary.runId],
  ['Job', summary.jobFile === undefined ? summary.job : `${summary.job} (${summary.jobFile})`],
  ['Graph endpoint', summary.graph],
  ['Started', summary.startedAt],
  ['Ended', summary.endedAt],
  ['Duration', formatDuration(Date.parse(summary.endedAt) - Date.parse(summary.startedAt))],
  ['Requests sent', formatNumber(summary.requests)],
  ['Answered 429 (throttled)', formatNumber(summary.throttled)],
  ['Exit code', String(summary.exitCode)],
  ['Made by', summary.tool],
])}${
  inputs.length === 0
    ? ''
    : html`<h3 id="inputs">The list of what it should hold</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Table of inputs"><table aria-labelledby="inputs">
<thead><tr><th scope="col">Role</th><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col">SHA-256</th></tr></thead>
<tbody>
${inputs}</tbody>
</table></div>
`
}</section>
`;
}
