// Tokens that wait for their holders to activate them, in the HTML report: how many, since which day. The rows
// themselves are in the table of all rows, which a button of each day filters.

import { html, type Markup } from './html-escape.js';
import type { ReportInput } from './model.js';
import { countOf, formatNumber } from './words.js';

/** The days that have waited longest; rows.csv has all. */
const DAYS_SHOWN = 12;

/** How many tokens are assigned and not activated since each day, the earliest first. */
function waitingByDay({ rows }: ReportInput): readonly (readonly [day: string, tokens: number])[] {
  const tokens = new Map<string, number>();
  for (const { assignedSince = '' } of rows) {
    if (assignedSince === '') continue;
    const day = assignedSince.slice(0, 'YYYY-MM-DD'.length);
    tokens.set(day, (tokens.get(day) ?? 0) + 1);
  }
  return [...tokens].sort(([one], [other]) => (one < other ? -1 : 1));
}

export function waitingSection(input: ReportInput): Markup {
  const days = waitingByDay(input);
  if (days.length === 0) return html``;
  const all = days.reduce((sum, [, tokens]) => sum + tokens, 0);
  const lines = days.slice(0, DAYS_SHOWN).map(
    ([day, tokens]) => html`<tr>
<th scope="row"><time datetime="${day}">${day}</time></th>
<td class="number">${formatNumber(tokens)}</td>
<td class="number on-screen"><button type="button" class="small" data-show-verdict="assigned" data-show-reason="not activated since ${day}" aria-label="Show the rows: not activated since ${day}">Show</button></td>
</tr>
`,
  );
  const later = days.slice(DAYS_SHOWN).reduce((sum, [, tokens]) => sum + tokens, 0);
  return html`<section class="card" aria-labelledby="waiting">
<h2 id="waiting">${countOf(all, 'token')} assigned and not activated yet</h2>
<p class="soft">Counted from the end of the first run that found ${all === 1 ? 'it' : 'each of them'} so.</p>
<div class="scroll"><table>
<thead><tr><th scope="col">Since</th><th scope="col" class="number">Tokens</th><th class="on-screen"><span class="unseen">Action</span></th></tr></thead>
<tbody>
${lines}</tbody>
</table></div>
${later > 0 ? html`<p class="soft">… and ${formatNumber(later)} more since later days, in rows.csv.</p>\n` : ''}</section>
`;
}
