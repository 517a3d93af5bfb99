// The parts of the HTML report about the writes: the plan against what happened, and how the run went over time,
// as charts for those who see them and as a table for everybody. Where the figures come from stands here too.

import { formatDuration } from '../duration.js';
import { type Allowance, type Course, leastSeconds } from './course.js';
import { html, jsonForScript, type Markup } from './html-escape.js';
import type { ReportInput } from './model.js';
import { countOf, formatNumber } from './words.js';

const ACTION_COLUMNS = [
  ['planned', 'Planned'],
  ['done', 'Done'],
  ['already', 'Already so'],
  ['refused', 'Refused'],
  ['givenUp', 'Given up'],
  ['inDoubt', 'In doubt'],
  ['notSent', 'Not sent'],
] as const;

/** The plan against what happened, by kind of write. */
export function actionsSection({ actions = [] }: ReportInput): Markup {
  if (actions.length === 0) return html``;
  const lines = actions.map(
    (tally) => html`<tr><th scope="row">${tally.kind}</th>${ACTION_COLUMNS.map(
      ([key]) => html`<td class="number${tally[key] === 0 ? ' soft' : ''}">${formatNumber(tally[key])}</td>`,
    )}</tr>
`,
  );
  return html`<section class="card" aria-labelledby="actions">
<h2 id="actions">The plan, and what happened</h2>
<div class="scroll"><table class="counts" aria-labelledby="actions">
<thead><tr><th scope="col">Write</th>${ACTION_COLUMNS.map(([, name]) => html`<th scope="col" class="number">${name}</th>`)}</tr></thead>
<tbody>
${lines}</tbody>
</table></div>
</section>
`;
}

const SOURCES: Readonly<Record<Allowance['source'], string>> = {
  documented: 'what Microsoft documents for identity writes',
  job: 'what the job file says',
  rehearsal: 'what the rehearsal was told to allow',
};

/** The accepted writes, and the least time in which the allowance would have let them through. */
function boundSentence(course: Course): Markup {
  const accepted = course.points.reduce((sum, point) => sum + point.accepted, 0);
  const last = course.points.at(-1);
  const seconds = (last?.atSeconds ?? 0) + course.stretchSeconds;
  const took = `${countOf(accepted, 'write')} accepted within ${formatDuration(seconds * 1_000)}`;
  const { allowance } = course;
  if (allowance === undefined)
    return html`<p class="soft">${took}. What the service allows at most is not known.</p>`;
  const least = leastSeconds(allowance, accepted);
  return html`<p class="soft">${took}; the throttle allows them in ${formatDuration(least * 1_000)} at the least: ${formatNumber(allowance.burst)} at once, then ${formatNumber(allowance.rate)} a second (${SOURCES[allowance.source]}).</p>`;
}

function courseTable({ points, stretchSeconds }: Course): Markup {
  const rate = (count: number): string => formatNumber(count / stretchSeconds);
  const lines = points.map(
    ({ atSeconds, sent, accepted, throttled }) =>
      html`<tr><th scope="row">${formatNumber(atSeconds)} s</th><td class="number">${rate(sent)}</td><td class="number">${rate(accepted)}</td><td class="number">${formatNumber(throttled)}</td></tr>
`,
  );
  return html`<details><summary>The figures as a table</summary>
<div class="scroll tall" tabindex="0" role="region" aria-labelledby="course-table"><table class="counts" aria-labelledby="course-table">
<caption id="course-table">Stretches of ${stretchSeconds} s in which something happened</caption>
<thead><tr><th scope="col">From</th><th scope="col" class="number">Sent a second</th><th scope="col" class="number">Accepted a second</th><th scope="col" class="number">Answers of 429</th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
</details>`;
}

function key(series: string, name: string): Markup {
  return html`<li class="series-${series}">${name}</li>`;
}

function toldRates({ points, stretchSeconds, allowance }: Course): string {
  const most = Math.max(...points.map(({ accepted }) => accepted / stretchSeconds));
  const throttled = points.reduce((sum, point) => sum + point.throttled, 0);
  const bound = allowance === undefined ? '' : `, of ${formatNumber(allowance.rate)} a second allowed`;
  return `Writes a second over time: at most ${formatNumber(most)} accepted${bound}; ${countOf(throttled, 'answer')} of 429.`;
}

/** The two charts; the script draws them where there is one. */
export function courseSection({ course }: ReportInput): Markup {
  if (course === undefined) return html``;
  const bound = course.allowance !== undefined;
  return html`<section class="card" aria-labelledby="course">
<h2 id="course">The pace of the writes</h2>
${boundSentence(course)}
<div class="charts" id="charts" hidden>
<figure><figcaption>Writes a second</figcaption><ul class="key">${key('sent', 'sent')}${key('accepted', 'accepted')}${bound ? key('bound', 'allowed') : ''}${key('throttled', '429')}</ul><div id="chart-rates" class="chart" role="img" aria-label="${toldRates(course)}"></div></figure>
<figure><figcaption>Writes so far</figcaption><ul class="key">${key('accepted', 'accepted')}${bound ? key('bound', 'most that is allowed') : ''}</ul><div id="chart-total" class="chart" role="img" aria-label="Accepted writes so far, over time${bound ? ', beside the most that the throttle allows' : ''}."></div></figure>
</div>
<p id="chart-readout" class="soft readout" aria-hidden="true"></p>
${courseTable(course)}
</section>
`;
}

/** What the charts are drawn from. */
export function courseData({ course }: ReportInput): string {
  if (course === undefined) return '';
  const { points, stretchSeconds, allowance } = course;
  const columns = [
    points.map(({ atSeconds }) => atSeconds),
    points.map(({ sent }) => sent),
    points.map(({ accepted }) => accepted),
    points.map(({ throttled }) => throttled),
  ];
  return jsonForScript({ stretchSeconds, columns, allowance: allowance ?? null });
}

const ORIGINS: readonly (readonly [string, string])[] = [
  [
    'Verdicts',
    'The tenant as it was listed after the writes: its inventory, and the users’ own methods where the two disagree. An answer to a write only explains a row on which the lists are silent.',
  ],
  ['Already so before the run', 'The tenant as it was listed to make the plan.'],
  [
    'Findings',
    'The same lists, compared with the files; how long a token has waited comes from earlier runs in the ledger.',
  ],
  [
    'The plan, and what happened',
    'The ledger: what the run began with, and the state in which each write ended.',
  ],
  [
    'Writes, answers of 429, pace',
    'The ledger, which has a line for each request before it leaves and one for its answer. Reads are counted by the client while it runs.',
  ],
  ['Tries of a row', 'The ledger: requests for the row, without those that were throttled.'],
  ['Hashes of the inputs', 'The bytes that were read.'],
];

/** Where each figure comes from. */
export function originsSection(): Markup {
  return html`<section class="card" aria-labelledby="origins">
<h2 id="origins">Where the figures come from</h2>
<dl class="origins">
${ORIGINS.map(([figure, origin]) => html`<div><dt>${figure}</dt><dd>${origin}</dd></div>\n`)}</dl>
<p class="soft">evidence.json names the hash of every report, input and plan, and of the ledger. To see whether anything was changed since: <code>oathbatch report RUN --check</code></p>
</section>
`;
}
