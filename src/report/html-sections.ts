// The parts of the HTML report above the rows: the headline with the commands to type, the bar of
// verdicts, what needs a person, the facts of the run and the findings. The rows have their own file.

import { formatDuration } from '../duration.js';
import type { Verdict } from '../reconcile/verdict.js';
import { headline, nextStep, type Tone } from './headline.js';
import { html, type Markup } from './html-escape.js';
import { icon } from './html-icons.js';
import { attentionGroups, filesOf, type ReportInput, shortNames } from './model.js';
import type { RunSummary } from './summary.js';
import { countOf, formatNumber, VERDICT_ORDER, VERDICT_WORDS } from './words.js';

const TONE_WORDS: Readonly<Record<Tone, string>> = {
  good: 'Success',
  attention: 'Needs attention',
  stopped: 'Stopped',
  failed: 'Failed',
};

export function pill(verdict: Verdict): Markup {
  return html`<span class="pill ${verdict}">${icon(verdict)}${verdict}</span>`;
}

function took({ startedAt, endedAt }: RunSummary): string {
  return formatDuration(Date.parse(endedAt) - Date.parse(startedAt));
}

export function topSection(input: ReportInput): Markup {
  const { summary } = input;
  const { tone, sentence } = headline(input);
  const step = nextStep(input);
  return html`<header class="card top ${tone}">
<span class="badge">${icon(tone)}<span class="unseen">${TONE_WORDS[tone]}</span></span>
<h1>${sentence}</h1>
<p class="soft"><bdi>${summary.job}</bdi> on <bdi>${summary.graph}</bdi>, ended <time datetime="${summary.endedAt}">${summary.endedAt}</time> <span class="whole">after ${took(summary)}</span></p>
${
  step === undefined
    ? ''
    : html`<p class="step"><span class="soft">Type next</span> <code class="command">${step.command}</code> <span>${step.why}</span></p>
`
}</header>
`;
}

const BAR_WIDTH = 1_000;
const GAP = 3;
/** A verdict of one row in a million still has to be seen. */
const SEGMENT_MIN = 6;

interface Segment {
  readonly verdict: Verdict;
  readonly x: number;
  readonly width: number;
}

/** Widths in proportion to the counts, none below the least; what that adds is taken from the widest. */
function barSegments(summary: RunSummary): readonly Segment[] {
  const given = VERDICT_ORDER.filter((verdict) => summary.verdicts[verdict] > 0);
  const room = BAR_WIDTH - GAP * (given.length - 1);
  const widths = given.map((verdict) =>
    Math.max(SEGMENT_MIN, (summary.verdicts[verdict] / summary.rows) * room),
  );
  const surplus = widths.reduce((sum, width) => sum + width, 0) - room;
  const widest = widths.indexOf(Math.max(...widths));
  let x = 0;
  return given.map((verdict, i) => {
    const width = (widths[i] ?? 0) - (i === widest ? surplus : 0);
    const segment = { verdict, x, width };
    x += width + GAP;
    return segment;
  });
}

export function verdictSection({ summary }: ReportInput): Markup {
  const told = VERDICT_ORDER.filter((verdict) => summary.verdicts[verdict] > 0)
    .map((verdict) => `${verdict} ${formatNumber(summary.verdicts[verdict])}`)
    .join(', ');
  const rects = barSegments(summary).map(
    ({ verdict, x, width }) =>
      html`<rect class="${verdict}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="22"/>`,
  );
  const legend = VERDICT_ORDER.map((verdict) => {
    const count = summary.verdicts[verdict];
    return html`<li class="${verdict}${count === 0 ? ' none' : ''}">${icon(verdict)}<span>${verdict}</span><span class="count">${formatNumber(count)}</span><span class="soft">${VERDICT_WORDS[verdict].meaning}</span></li>
`;
  });
  return html`<section class="card" aria-labelledby="verdicts">
<h2 id="verdicts">Verdicts of ${countOf(summary.rows, 'row')}</h2>
${summary.rows === 0 ? '' : html`<svg class="bar" viewBox="0 0 ${BAR_WIDTH} 22" preserveAspectRatio="none" role="img" aria-label="${told}">${rects}</svg>`}
<ul class="legend">
${legend}</ul>
</section>
`;
}

export function attentionSection({ rows }: ReportInput): Markup {
  const groups = attentionGroups(rows);
  if (groups.length === 0) return html``;
  const names = shortNames(filesOf(rows));
  const lines = groups.map(
    ({ verdict, reason, count, example }) => html`<tr>
<td>${pill(verdict)}</td>
<td><code class="reason">${reason}</code> <span class="soft">for example <a href="#row-${example.n}"><bdi>${shortened(`${names.get(example.file) ?? example.file}:${example.line}`)}</bdi></a></span><br><bdi>${shortened(example.detail)}</bdi><bdi class="next">${shortened(example.next)}</bdi></td>
<td class="number">${formatNumber(count)}</td>
<td class="number on-screen"><button type="button" class="small" data-show-verdict="${verdict}" data-show-reason="${reason}" aria-label="Show the rows: ${verdict}, ${reason}">Show</button></td>
</tr>
`,
  );
  return html`<section class="card" aria-labelledby="attention">
<h2 id="attention">What needs a person</h2>
<div class="scroll"><table>
<thead><tr><th scope="col">Verdict</th><th scope="col">Reason and next step</th><th scope="col" class="number">Rows</th><th class="on-screen"><span class="unseen">Action</span></th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
</section>
`;
}

const TEXT_SHOWN = 300;

/** A very long text would bury its neighbours; rows.csv has it whole. No pair of surrogates is split. */
export function shortened(text: string): string {
  return text.length <= TEXT_SHOWN ? text : `${text.slice(0, TEXT_SHOWN).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What the service said of its limits, where it did. */
function limitFacts(pace: ReportInput['summary']['pace']): readonly (readonly [string, string])[] {
  const { limits = [], highestLimitShare: share } = pace;
  const named = limits.map(({ scope, reason, count }) =>
    `${reason} ${scope} (${formatNumber(count)})`.trim(),
  );
  return [
    ...(named.length === 0 ? [] : [['Limits that the service named', named.join(', ')] as const]),
    ...(share === undefined ? [] : [['Most of a limit used', `${(share * 100).toFixed(0)} %`] as const]),
  ];
}

export function factsSection({ summary }: ReportInput): Markup {
  const { pace } = summary;
  const facts: readonly (readonly [string, string])[] = [
    ['Run', summary.runId],
    ['Job', summary.jobFile === undefined ? summary.job : `${summary.job} (${summary.jobFile})`],
    ['Kind', summary.kind],
    ['Graph endpoint', summary.graph],
    ['Started', summary.startedAt],
    ['Ended', summary.endedAt],
    ['Duration', took(summary)],
    ['Already so before the run', countOf(summary.already, 'row')],
    ['Requests sent', `${formatNumber(summary.requests)}, of them ${formatNumber(summary.writes)} writes`],
    ['Answered 429 (throttled)', formatNumber(summary.throttled)],
    ['Writes accepted', `${formatNumber(pace.acceptedPerSecond)} a second`],
    ['Waited at the gate', formatDuration(pace.gateSeconds * 1_000)],
    [
      'Pace at the end',
      pace.finalPace === null ? 'no limit known' : `${formatNumber(pace.finalPace)} a second`,
    ],
    ...limitFacts(pace),
    ['Exit code', String(summary.exitCode)],
    ['Made by', summary.tool],
  ];
  const inputs = summary.inputs.map(
    ({ role, path, rows, sha256 }) =>
      html`<tr><td>${role}</td><td>${path}</td><td class="number">${formatNumber(rows)}</td><td class="mono">${sha256}</td></tr>
`,
  );
  return html`<section class="card" aria-labelledby="run">
<h2 id="run">The run</h2>
<dl class="facts">
${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd><bdi>${value}</bdi></dd></div>\n`)}</dl>
<h3 id="inputs">Inputs</h3>
<div class="scroll"><table aria-labelledby="inputs">
<thead><tr><th scope="col">Role</th><th scope="col">File</th><th scope="col" class="number">Rows</th><th scope="col">SHA-256</th></tr></thead>
<tbody>
${inputs}</tbody>
</table></div>
</section>
`;
}

/** Above this many, the findings scroll in a window of their own. */
const FINDINGS_UNFOLDED = 12;

export function findingsSection({ findings, rows }: ReportInput): Markup {
  if (findings.length === 0) return html``;
  const names = shortNames([...new Set(filesOf(rows)), ...filesOf(findings)]);
  const lines = findings.map(({ kind, serialNumber, deviceId, file, line, detail, next }) => {
    const place =
      file === undefined ? '' : `${names.get(file) ?? file}${line === undefined ? '' : `:${line}`}`;
    return html`<tr><td><code class="reason">${kind}</code></td><td class="mono">${shortened(serialNumber)}</td><td class="mono">${deviceId}</td><td>${shortened(place)}</td><td><bdi>${shortened(detail)}</bdi><bdi class="next">${shortened(next)}</bdi></td></tr>
`;
  });
  const tall = findings.length > FINDINGS_UNFOLDED;
  const scroll = tall
    ? html`<div class="scroll tall" tabindex="0" role="region" aria-labelledby="findings">`
    : html`<div class="scroll">`;
  return html`<section class="card" aria-labelledby="findings">
<h2 id="findings">${countOf(findings.length, 'finding')}: what the tenant shows and no row explains</h2>
${scroll}<table class="findings">
<thead><tr><th scope="col">Finding</th><th scope="col">Serial number</th><th scope="col">Token id</th><th scope="col">Row</th><th scope="col">What is known and what to do</th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
</section>
`;
}
