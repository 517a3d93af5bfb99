// The look of the HTML report, on a light screen, on a dark one and on paper. Colours come as variables,
// chosen for a contrast of at least 4.5:1 for text (WCAG 2.2, 1.4.3); there are no fonts and no pictures
// to load, and no style attributes, which the page's own policy would refuse.

import { VERDICT_ORDER } from './words.js';

const LIGHT = `
  --page: #f6f7f9; --card: #ffffff; --line: #dfe3e8; --text: #1b1f24; --soft: #57606b; --link: #0b57b0;
  --field: #ffffff; --field-line: #7b8592; --mark: #fff3c4; --code: #eef1f5; --head: #f0f2f5;
  --good: #147a45; --attention: #a15c00; --stopped: #57606b; --failed: #b3261e;
  --activated: #14804a; --assigned: #0e7f93; --in-inventory: #3d63d2; --deleted: #5c5f73; --conflict: #c4500c;
  --rejected: #b3261e; --invalid: #8f6a00; --unknown: #7d3fc4; --unsent: #6b7480;`;

const DARK = `
  --page: #14171b; --card: #1c2026; --line: #323942; --text: #e8ebef; --soft: #a3adb9; --link: #84b9ff;
  --field: #14171b; --field-line: #8a95a3; --mark: #453a10; --code: #272d35; --head: #232830;
  --good: #4fc98a; --attention: #f0ae4a; --stopped: #a3adb9; --failed: #ff8a80;
  --activated: #45b97c; --assigned: #35b4c8; --in-inventory: #829dff; --deleted: #a9adc4; --conflict: #ff9657;
  --rejected: #ff7d73; --invalid: #d9b23c; --unknown: #bf93f5; --unsent: #949fac;`;

const VERDICT_COLOURS = VERDICT_ORDER.map((verdict) => `.${verdict} { --hue: var(--${verdict}); }`).join(
  '\n',
);

const PAGE = `
* { box-sizing: border-box; }
html { color-scheme: light dark; scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", "DejaVu Sans", sans-serif; }
main, footer { max-width: 80rem; margin: 0 auto; padding: 0 1.5rem; }
main { padding-top: 1.5rem; }
footer { padding-bottom: 2.5rem; color: var(--soft); font-size: 13px; }
h1 { margin: 0; font-size: 1.55rem; line-height: 1.3; font-weight: 650; text-wrap: balance; }
h2 { margin: 0 0 .75rem; font-size: 1.1rem; font-weight: 650; }
h3 { margin: 1.25rem 0 .5rem; font-size: .95rem; font-weight: 650; }
p { margin: 0; }
a { color: var(--link); text-underline-offset: .15em; }
code, .mono { font-family: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.card { margin: 0 0 1.25rem; padding: 1.25rem 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.soft { color: var(--soft); }
.whole { white-space: nowrap; }
.sheet { position: absolute; }
.icon { width: 1.1em; height: 1.1em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }`;

const TOP = `
.top { display: grid; grid-template-columns: auto 1fr; gap: .25rem 1.1rem; border-left: 6px solid var(--tone); }
.top.good { --tone: var(--good); } .top.attention { --tone: var(--attention); }
.top.stopped { --tone: var(--stopped); } .top.failed { --tone: var(--failed); }
.badge { grid-row: span 2; display: grid; place-items: center; width: 3rem; height: 3rem; border-radius: 50%; background: var(--tone); color: var(--card); font-size: 1.5rem; }
.badge .icon { stroke-width: 2.2; }
.top .soft { overflow-wrap: anywhere; }
.step { grid-column: 1 / -1; display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem .9rem; margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.command { padding: .25rem .6rem; background: var(--code); border: 1px solid var(--line); border-radius: 6px; user-select: all; overflow-wrap: anywhere; }
.bar { display: block; width: 100%; height: 22px; border-radius: 6px; }
.bar rect { fill: var(--hue); }
.legend { display: grid; grid-template-columns: repeat(auto-fill, minmax(14.5rem, 1fr)); gap: .8rem 2.5rem; margin: 1rem 0 0; padding: 0; list-style: none; }
.legend li { display: grid; grid-template-columns: auto 1fr auto; gap: 0 .55rem; align-items: center; align-content: start; }
.legend .icon { color: var(--hue); width: 1.25em; height: 1.25em; }
.legend .count { font-weight: 650; font-variant-numeric: tabular-nums; }
.legend .soft { grid-column: 2 / -1; font-size: 13px; }
.legend .none, .legend .none .icon { color: var(--soft); }
.legend .none .count { font-weight: 400; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .9rem 1.5rem; margin: 0; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }`;

const COURSE = `
.as-paper {${LIGHT} }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1rem 2rem; margin-top: 1rem; }
.charts figure { margin: 0; min-width: 0; }
.charts figcaption { font-size: 13px; font-weight: 600; }
.chart { height: 220px; overflow: hidden; }
.key { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .2rem 0 .4rem; padding: 0; list-style: none; font-size: 13px; }
.key li::before { content: ""; display: inline-block; width: 1.1em; margin-right: .4em; border-top: 3px solid var(--hue); vertical-align: .25em; }
.series-sent { --hue: var(--in-inventory); } .series-accepted { --hue: var(--activated); }
.series-throttled { --hue: var(--rejected); } .series-bound { --hue: var(--soft); }
.key .series-bound::before { border-top-style: dashed; }
.key .series-throttled::before { width: .5em; border: 0; height: .8em; background: var(--hue); vertical-align: -.05em; }
.readout { min-height: 1.5em; font-size: 13px; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; font-size: 13px; color: var(--link); width: fit-content; }
caption { text-align: start; font-size: 13px; color: var(--soft); padding: .5rem 0; }
.counts { width: auto; min-width: 0; }
.origins { display: grid; gap: .6rem; margin: 0 0 1rem; }
.origins dt { font-weight: 600; font-size: 13px; }
.origins dd { margin: 0; }
.copy { margin-left: .5rem; }`;

const TABLES = `
.scroll { position: relative; overflow-x: auto; margin: 0 -1.5rem; padding: 0 1.5rem; }
.scroll.tall { max-height: 30rem; overflow-y: auto; }
table { width: 100%; border-collapse: collapse; font-size: 14px; }
th, td { padding: .5rem .75rem .5rem 0; text-align: start; vertical-align: baseline; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: 13px; font-weight: 600; white-space: nowrap; border-bottom-width: 2px; }
tbody th { font-weight: 400; }
.number { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap; }
.pill { display: inline-flex; align-items: baseline; gap: .35em; padding: .05rem .5rem .05rem .35rem; border: 1px solid var(--hue); border-radius: 99px; white-space: nowrap; font-size: 13px; }
.pill .icon { align-self: center; color: var(--hue); }
.before { display: block; margin-top: .15rem; color: var(--soft); font-size: 12px; }
.reason { font-weight: 600; }
.next { display: block; }
.next::before { content: "→ "; color: var(--soft); }
.rows { table-layout: fixed; }
.rows .place { width: 13%; } .rows .serial { width: 8.6rem; } .rows .user { width: 19%; }
.rows .verdict { width: 8.4rem; } .rows .tries { width: 4.2rem; } .rows .more { width: 6rem; }
.rows tbody th { font-size: 13px; }
.rows th a { text-decoration: none; }
.rows th a:hover, .rows th a:focus { text-decoration: underline; }
.rows tbody tr:hover { background: var(--head); }
.findings td:first-child { width: 12rem; }
.rows thead th { position: sticky; top: 0; background: var(--card); z-index: 1; }
.rows tbody tr.found, .rows tbody tr:target { background: var(--mark); }
.rows tr.evidence td { padding: .75rem 1rem 1rem; background: var(--head); }
.evidence .facts { grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); }
.sort { all: unset; cursor: pointer; color: inherit; }
.sort:hover { color: var(--text); }
.sort:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.sort::after { content: "↕"; margin-left: .3em; opacity: .45; }
[aria-sort="ascending"] .sort::after { content: "↑"; opacity: 1; }
[aria-sort="descending"] .sort::after { content: "↓"; opacity: 1; }`;

const CONTROLS = `
.controls { display: flex; flex-wrap: wrap; gap: .75rem 1rem; align-items: end; margin-bottom: .75rem; }
.controls div { display: grid; gap: .2rem; }
.controls label { font-size: 13px; color: var(--soft); }
.controls .search { flex: 1 1 16rem; }
input, select, button { font: inherit; color: var(--text); background: var(--field); border: 1px solid var(--field-line); border-radius: 6px; padding: .4rem .6rem; min-height: 2.3rem; }
button { cursor: pointer; }
button:hover:not([aria-disabled="true"]) { background: var(--code); }
button[aria-disabled="true"] { cursor: default; opacity: .5; }
button.small { min-height: 0; padding: .1rem .5rem; font-size: 13px; }
.pager { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; justify-content: space-between; margin-top: .9rem; }
.pager div { display: flex; gap: .4rem; }
@media screen and (min-width: 60rem) { .scroll.steady { overflow: visible; } }
@media screen and (max-width: 60rem) {
  main, footer { padding-left: .75rem; padding-right: .75rem; }
  .card { padding: 1rem; }
  .scroll { margin: 0 -1rem; padding: 0 1rem; }
  table { min-width: 40rem; }
  .rows, .findings { min-width: 60rem; }
  h1 { font-size: 1.25rem; }
  .top { column-gap: .8rem; }
  .badge { width: 2.2rem; height: 2.2rem; font-size: 1.1rem; }
}`;

/** On paper the static rows stand in for the table that needs a script, and everything unfolds. */
const PAPER = `
html:not(.scripted) .on-screen { display: none; }
@media screen { .scripted .on-paper { display: none; } }
@media print {
  @page { margin: 14mm 12mm; }
  :root { ${LIGHT} --page: #ffffff; }
  html { color-scheme: light; }
  body { font-size: 10pt; }
  h1 { font-size: 15pt; }
  h2 { font-size: 12pt; }
  main, footer { max-width: none; padding: 0; }
  .card { padding: 0 0 .6rem; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; }
  .top { padding: .4rem 0 1rem .9rem; border-left: 6px solid var(--tone); }
  .on-screen, button, .controls, details, .readout { display: none !important; }
  .scroll, .scroll.tall { overflow: visible; max-height: none; margin: 0; padding: 0; }
  .rows thead th { position: static; }
  table, .rows tbody th { font-size: 8.5pt; }
  thead th { white-space: normal; }
  .rows .place { width: 14%; } .rows .serial { width: 12%; } .rows .user { width: 19%; } .rows .verdict { width: 14%; } .rows .tries { width: 6%; }
  .pill { font-size: 8.5pt; }
  tr, .step, .legend li, .facts div { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .bar, .badge, .command { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; text-decoration: none; }
}`;

export const STYLE = [
  `:root {${LIGHT} }`,
  `@media (prefers-color-scheme: dark) { :root {${DARK} } }`,
  VERDICT_COLOURS,
  PAGE,
  TOP,
  COURSE,
  TABLES,
  CONTROLS,
  PAPER,
].join('\n');
