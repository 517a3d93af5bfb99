// The rows in the HTML report: as data for the script that draws the table, and, for paper and for
// readers without a script, as a plain table of those that need a person.

import type { Rows } from '../compact/rows.js';
import type { RowVerdict } from '../reconcile/verdict.js';
import { html, jsonForScript, type Markup } from './html-escape.js';
import { pill, shortened } from './html-sections.js';
import {
  countNeedingPerson,
  filesOf,
  firstNeedingPerson,
  inAttentionOrder,
  type ReportInput,
  shortNames,
} from './model.js';
import { countOf, formatNumber, VERDICT_ORDER, VERDICT_WORDS } from './words.js';

/** A browser holds so many with ease (about 40 MB); beyond, the page says where the others are. */
export const PAGE_ROWS_MAX = 100_000;

/** As many as anybody reads on paper. */
const STATIC_ROWS_MAX = 200;

const ROWS_PER_CHUNK = 1_000;

/** The names under which the script knows the cells of a row, in their order. */
const COLUMNS = [
  'n',
  'file',
  'line',
  'serial',
  'user',
  'verdict',
  'already',
  'reason',
  'detail',
  'next',
  'deviceId',
  'userId',
  'attempts',
  'clientRequestId',
  'requestId',
  'assignedSince',
] as const;

function cellsOf(row: RowVerdict, fileIndex: number): readonly (string | number)[] {
  return [
    row.n,
    fileIndex,
    row.line,
    row.serialNumber,
    row.user,
    VERDICT_ORDER.indexOf(row.verdict),
    row.already ? 1 : 0,
    row.reason,
    row.detail,
    row.next,
    row.deviceId,
    row.userId,
    row.attempts,
    row.clientRequestId,
    row.requestId,
    row.assignedSince ?? '',
  ];
}

/** The data as JSON that may stand in a script element, in chunks. */
export function* rowData(rows: Rows<RowVerdict>): Generator<string, void, undefined> {
  const files = [...shortNames(filesOf(rows))].map(([path, name]) => ({ path, name }));
  const fileIndex = new Map(files.map(({ path }, i) => [path, i]));
  const verdicts = VERDICT_ORDER.map((name) => ({ name, settled: VERDICT_WORDS[name].settled }));
  const head = jsonForScript({ columns: COLUMNS, verdicts, files });
  yield `${head.slice(0, -1)},"rows":[\n`;
  const listed = inAttentionOrder(rows);
  const end = Math.min(listed.length, PAGE_ROWS_MAX);
  let lines: string[] = [];
  for (let position = 0; position < end; position += 1) {
    const row = listed.at(position);
    if (row === undefined) continue;
    lines.push(jsonForScript(cellsOf(row, fileIndex.get(row.file) ?? 0)));
    if (lines.length < ROWS_PER_CHUNK && position + 1 < end) continue;
    yield `${position < ROWS_PER_CHUNK ? '' : ',\n'}${lines.join(',\n')}`;
    lines = [];
  }
  yield ']}';
}

function staticRow(row: RowVerdict, fileName: string): Markup {
  return html`<tr id="row-${row.n}"><th scope="row"><bdi>${shortened(`${fileName}:${row.line}`)}</bdi></th><td class="mono">${shortened(row.serialNumber)}</td><td>${shortened(
    row.user,
  )
    .split('@')
    .map((part, i) =>
      i === 0 ? html`${part}` : html`<wbr>@${part}`,
    )}</td><td>${pill(row.verdict)}</td><td><code class="reason">${row.reason}</code> <bdi>${shortened(row.detail)}</bdi><bdi class="next">${shortened(row.next)}</bdi></td><td class="number">${row.attempts}</td></tr>
`;
}

/** Rows that need a person, without a script; on a screen with one, the other table takes its place. */
export function staticRowsSection(input: ReportInput): Markup {
  const { rows } = input;
  const count = countNeedingPerson(input);
  const names = shortNames(filesOf(rows));
  const more = count - STATIC_ROWS_MAX;
  const table = html`<table class="rows">
<thead><tr><th scope="col" class="place">Row</th><th scope="col" class="serial">Serial number</th><th scope="col" class="user">User</th><th scope="col" class="verdict">Verdict</th><th scope="col">Reason and next step</th><th scope="col" class="number tries">Tries</th></tr></thead>
<tbody>
${firstNeedingPerson(input, STATIC_ROWS_MAX).map((row) => staticRow(row, names.get(row.file) ?? row.file))}</tbody>
</table>`;
  return html`<section class="card on-paper" aria-labelledby="needing">
<h2 id="needing">${count === 0 ? 'No row needs a person' : `${countOf(count, 'row')} that ${count === 1 ? 'needs' : 'need'} a person`}</h2>
${count === 0 ? '' : html`<div class="scroll">${table}</div>`}
${more > 0 ? html`<p class="soft">… and ${formatNumber(more)} more in rows.csv.</p>` : ''}
<p class="soft">All ${countOf(rows.length, 'row')} are in rows.csv.</p>
</section>
`;
}

/** Columns of the table that the script draws; those with a key can be sorted. */
const HEADINGS: readonly { readonly name: string; readonly key: string; readonly style: string }[] = [
  { name: 'Row', key: 'place', style: 'place' },
  { name: 'Serial number', key: 'serial', style: 'serial' },
  { name: 'User', key: 'user', style: 'user' },
  { name: 'Verdict', key: 'verdict', style: 'verdict' },
  { name: 'Reason and next step', key: 'reason', style: 'why' },
  { name: 'Tries', key: 'attempts', style: 'tries number' },
];

function option(value: string, name: string, count: number): Markup {
  return html`<option value="${value}">${name} (${formatNumber(count)})</option>`;
}

/** The table of all rows, empty: the script fills it and shows it. */
export function rowsSection({ summary, rows }: ReportInput): Markup {
  const people = countNeedingPerson({ summary });
  const options = [
    option('all', 'all', rows.length),
    ...(people > 0 ? [option('person', 'need a person', people)] : []),
    ...(summary.already > 0 ? [option('already', 'already so before', summary.already)] : []),
    ...VERDICT_ORDER.filter((verdict) => summary.verdicts[verdict] > 0).map((verdict) =>
      option(verdict, verdict, summary.verdicts[verdict]),
    ),
  ];
  const headings = HEADINGS.map(
    ({ name, key, style }) =>
      html`<th scope="col" class="${style}" data-sort="${key}" aria-sort="none"><button type="button" class="sort">${name}</button></th>`,
  );
  const left = rows.length - PAGE_ROWS_MAX;
  return html`<section class="card on-screen" id="rows" aria-labelledby="rows-heading" hidden>
<h2 id="rows-heading">Rows</h2>
${left > 0 ? html`<p>This page holds ${formatNumber(PAGE_ROWS_MAX)} rows, those that need a person first. The other ${formatNumber(left)} are in rows.csv.</p>` : ''}
<div class="controls" role="search">
<div class="search"><label for="search">Search in all columns</label><input id="search" type="search" autocomplete="off" spellcheck="false"></div>
<div><label for="verdict">Verdict</label><select id="verdict">${options}</select></div>
</div>
<p id="rows-status" class="soft" role="status" aria-live="polite"></p>
<div class="scroll steady"><table class="rows" aria-labelledby="rows-heading">
<thead><tr>${headings}<th scope="col" class="more"><span class="unseen">Evidence</span></th></tr></thead>
<tbody id="rows-body"></tbody>
</table></div>
<nav class="pager" id="rows-pager" aria-label="Pages of rows">
<div><button type="button" id="page-first">First</button><button type="button" id="page-previous">Previous</button></div>
<span id="rows-page" class="soft"></span>
<div><button type="button" id="page-next">Next</button><button type="button" id="page-last">Last</button></div>
</nav>
</section>
`;
}
