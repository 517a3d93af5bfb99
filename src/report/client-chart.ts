// The part of the report's script that draws the charts, as text. It uses uPlot, which stands in a script of its
// own before it, takes its colours from the page, and draws again when these change.

/** Plain JavaScript; html.ts puts it behind the library, and only into a page that has a course to draw. */
export const CLIENT_CHART = `
'use strict';
{
const byId = (id) => document.getElementById(id);
const course = JSON.parse(byId('course-data').textContent);
const HEIGHT = 220;

// The stretches in which nothing happened are left out of the data, and are zero in the picture.
function filled([times, ...columns]) {
  const step = course.stretchSeconds;
  const count = Math.round((times.at(-1) ?? 0) / step) + 1;
  const whole = [Array.from({ length: count }, (_, i) => i * step), ...columns.map(() => new Array(count).fill(0))];
  times.forEach((time, i) => {
    columns.forEach((column, c) => { whole[c + 1][Math.round(time / step)] = column[i]; });
  });
  return whole;
}

const [times, sent, accepted, throttled] = filled(course.columns);
const step = course.stretchSeconds;
const perSecond = (column) => column.map((count) => count / step);
let sum = 0;
const soFar = accepted.map((count) => (sum += count));
const bound = course.allowance;
// A stretch is counted at its end, when all of it has happened.
const most = bound === null ? null : times.map((time) => Math.min(sum, bound.burst + bound.rate * (time + step)));

const number = (value) => value.toLocaleString('en-US', { maximumFractionDigits: 1 });
const clock = (seconds) => seconds < 600 ? seconds + ' s' : seconds < 36000 ? Math.round(seconds / 6) / 10 + ' min' : Math.round(seconds / 360) / 10 + ' h';

function colours() {
  const style = getComputedStyle(byId('charts'));
  const of = (name) => style.getPropertyValue(name).trim();
  return { text: of('--soft'), line: of('--line'), sent: of('--in-inventory'), accepted: of('--activated'), throttled: of('--rejected'), bound: of('--soft') };
}

function options(width, series, colour) {
  const axis = { stroke: colour.text, grid: { stroke: colour.line, width: 1 }, ticks: { stroke: colour.line, width: 1 }, font: '12px system-ui, sans-serif' };
  return {
    width, height: HEIGHT, legend: { show: false }, series: [{}, ...series],
    scales: { x: { time: false }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
    axes: [{ ...axis, space: 70, values: (_, ticks) => ticks.map(clock) }, { ...axis, size: 52, values: (_, ticks) => ticks.map(number) }],
    cursor: { y: false, points: { show: false }, drag: { x: false, y: false }, sync: { key: 'course' } },
    hooks: { setCursor: [readout] },
  };
}

function readout(plot) {
  const i = plot.cursor.idx;
  const told = i === null || i === undefined ? '' : 'At ' + clock(times[i]) + ': ' + number(sent[i] / step) + ' sent and '
    + number(accepted[i] / step) + ' accepted a second, ' + number(throttled[i]) + ' × 429; ' + number(soFar[i]) + ' accepted so far.';
  byId('chart-readout').textContent = told;
}

let plots = [];

function drawCharts() {
  for (const plot of plots) plot.destroy();
  const colour = colours();
  const line = (name, dash) => ({ stroke: colour[name], width: 2, points: { show: times.length < 3 }, ...(dash ? { dash: [6, 4] } : {}) });
  // A bar of nothing would still be a line.
  const rates = [times, perSecond(sent), perSecond(accepted), perSecond(throttled).map((value) => value || null)];
  const series = [line('sent'), { ...line('accepted'), fill: colour.accepted + '22' },
    { ...line('throttled'), fill: colour.throttled, paths: uPlot.paths.bars({ size: [0.5, 8] }), points: { show: false } }];
  const totals = [times, soFar];
  const totalSeries = [{ ...line('accepted'), fill: colour.accepted + '22' }];
  if (bound !== null) {
    rates.push(times.map(() => bound.rate));
    series.push(line('bound', true));
    totals.push(most);
    totalSeries.push(line('bound', true));
  }
  const make = (id, of, data) => new uPlot(options(byId(id).clientWidth, of, colour), data, byId(id));
  plots = [make('chart-rates', series, rates), make('chart-total', totalSeries, totals)];
}

byId('charts').hidden = false;
drawCharts();
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawCharts);
let resizing;
addEventListener('resize', () => {
  clearTimeout(resizing);
  resizing = setTimeout(drawCharts, 150);
});
// Paper is white, whatever the screen is.
addEventListener('beforeprint', () => { byId('charts').classList.add('as-paper'); drawCharts(); });
addEventListener('afterprint', () => { byId('charts').classList.remove('as-paper'); drawCharts(); });
}
`;
