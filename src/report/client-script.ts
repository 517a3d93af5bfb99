// The script inside report.html, as text: it shows the rows a page at a time, and searches, filters and
// sorts them. It sends and stores nothing, and without it the page still shows what needs a person.

import { CLIENT_ELEMENTS } from './client-elements.js';

const CLIENT_TABLE = String.raw`
const PAGE_SIZE = 100;
const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId('report-data').textContent);
const rows = data.rows.map((cells, order) => {
  const row = { order };
  data.columns.forEach((name, i) => { row[name] = cells[i]; });
  row.place = data.files[row.file].name + ':' + row.line;
  row.path = data.files[row.file].path + ':' + row.line;
  row.verdictName = data.verdicts[row.verdict].name;
  row.settled = data.verdicts[row.verdict].settled;
  row.waits = row.assignedSince && 'not activated since ' + row.assignedSince.slice(0, 10);
  return row;
});

let shown = rows;
let page = 0;
let sorting = null;
let target = null;

const count = (number) => number.toLocaleString('en-US');

function draw() {
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
  page = Math.min(Math.max(page, 0), pages - 1);
  const first = page * PAGE_SIZE;
  const visible = shown.slice(first, first + PAGE_SIZE);
  byId('rows-body').replaceChildren(...visible.map((row) => lineOf(row, row === target)));
  const of = shown.length === rows.length ? count(rows.length) : count(shown.length) + ' found among ' + count(rows.length);
  byId('rows-status').textContent = shown.length === 0
    ? 'No row fits the search and the verdict chosen.'
    : 'Rows ' + count(first + 1) + '–' + count(first + visible.length) + ' of ' + of;
  byId('rows-page').textContent = 'Page ' + count(page + 1) + ' of ' + count(pages);
  byId('rows-pager').hidden = pages === 1;
  // A button that is truly disabled would lose the focus of the keyboard; pressed in vain it does nothing.
  for (const name of ['first', 'previous']) byId('page-' + name).setAttribute('aria-disabled', String(page === 0));
  for (const name of ['next', 'last']) byId('page-' + name).setAttribute('aria-disabled', String(page === pages - 1));
}

// Searched text is made when it is first needed and then kept: making it for every row costs most.
function haystack(row) {
  row.haystack ??= [row.path, row.serial, row.user, row.verdictName, row.reason, row.detail, row.next, row.waits,
    row.deviceId, row.userId, row.clientRequestId, row.requestId].join('\n').toLowerCase();
  return row.haystack;
}

const filters = {
  all: () => true,
  person: (row) => !row.settled && row.verdictName !== 'unsent',
  already: (row) => row.already === 1,
};

const collator = new Intl.Collator('en', { numeric: true });
const compareText = (a, b) => (a === '') - (b === '') || collator.compare(a, b);
const orders = {
  place: (a, b) => a.file - b.file || a.line - b.line,
  serial: (a, b) => compareText(a.serial, b.serial),
  user: (a, b) => compareText(a.user, b.user),
  verdict: (a, b) => a.verdict - b.verdict,
  reason: (a, b) => compareText(a.reason, b.reason) || compareText(a.assignedSince, b.assignedSince),
  attempts: (a, b) => a.attempts - b.attempts,
};

function select() {
  const words = byId('search').value.toLowerCase().split(/\s+/).filter((word) => word !== '');
  const choice = byId('verdict').value;
  const wanted = filters[choice] ?? ((row) => row.verdictName === choice);
  shown = rows.filter((row) => wanted(row) && words.every((word) => haystack(row).includes(word)));
  if (sorting !== null) {
    const compare = orders[sorting.key];
    shown.sort((a, b) => sorting.sign * compare(a, b) || a.order - b.order);
  }
  page = 0;
  draw();
}

// A second press turns the order round; a third goes back to the rows that need a person first.
function sortBy(key) {
  if (sorting?.key !== key) sorting = { key, sign: 1 };
  else sorting = sorting.sign === 1 ? { key, sign: -1 } : null;
  for (const head of document.querySelectorAll('#rows [data-sort]')) {
    const state = head.dataset.sort !== sorting?.key ? 'none' : sorting.sign === 1 ? 'ascending' : 'descending';
    head.setAttribute('aria-sort', state);
  }
  select();
}

// A link to a row finds it whatever the filters are.
function goToHash() {
  const match = /^#row-(\d+)$/.exec(location.hash);
  if (match === null) return;
  target = rows.find((row) => row.n === Number(match[1])) ?? null;
  if (target === null) {
    byId('rows-status').textContent = 'Row ' + match[1] + ' is not in this page; look it up in rows.csv.';
    return;
  }
  if (!shown.includes(target)) {
    byId('search').value = '';
    byId('verdict').value = 'all';
    select();
  }
  page = Math.floor(shown.indexOf(target) / PAGE_SIZE);
  draw();
  const line = byId('row-' + target.n);
  line.scrollIntoView({ block: 'center' });
  line.focus({ preventScroll: true });
}

function turn(name, to) {
  byId('page-' + name).addEventListener('click', () => {
    page = to();
    draw();
    byId('rows').scrollIntoView({ block: 'start' });
  });
}

turn('first', () => 0);
turn('previous', () => page - 1);
turn('next', () => page + 1);
turn('last', () => Math.ceil(shown.length / PAGE_SIZE) - 1);
let waiting;
byId('search').addEventListener('input', () => {
  clearTimeout(waiting);
  waiting = setTimeout(select, 120);
});
byId('verdict').addEventListener('change', select);
for (const head of document.querySelectorAll('#rows [data-sort]')) {
  head.querySelector('button').addEventListener('click', () => sortBy(head.dataset.sort));
}
for (const button of document.querySelectorAll('[data-show-verdict]')) {
  button.addEventListener('click', () => {
    byId('search').value = button.dataset.showReason;
    byId('verdict').value = button.dataset.showVerdict;
    select();
    byId('rows').scrollIntoView({ block: 'start' });
    byId('search').focus({ preventScroll: true });
  });
}
// The static rows have the same anchors for readers without a script; with one they would stand twice.
for (const line of document.querySelectorAll('.on-paper tr[id]')) line.removeAttribute('id');
document.documentElement.classList.add('scripted');
byId('rows').hidden = false;
// What scrolls sideways must be reachable by keyboard, and what does not should be no stop on the way.
function markScrolling() {
  for (const region of document.querySelectorAll('.scroll:not(.tall)')) {
    const scrolls = region.scrollWidth > region.clientWidth;
    if (!scrolls) for (const name of ['tabindex', 'role', 'aria-label']) region.removeAttribute(name);
    else {
      region.setAttribute('tabindex', '0');
      region.setAttribute('role', 'region');
      region.setAttribute('aria-label', region.closest('section').querySelector('h2').textContent + ', as a table');
    }
  }
}
addEventListener('resize', markScrolling);
addEventListener('hashchange', goToHash);
draw();
markScrolling();
goToHash();
`;

/** The whole script. The braces keep its names out of the page. */
export const CLIENT_SCRIPT = `\n'use strict';\n{${CLIENT_ELEMENTS}${CLIENT_TABLE}}\n`;
