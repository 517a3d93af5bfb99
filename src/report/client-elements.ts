// The half of the report's script that makes elements, as text: one line of the table, and its evidence.
// It sets attributes and text, and never markup, so that nothing in the data can become code.

import { HIDDEN_CHARACTER } from './hidden-characters.js';

/** Plain JavaScript for a browser of the last years; client-script.ts puts it into the page. */
export const CLIENT_ELEMENTS = String.raw`
const CELL_LENGTH = 300;
const HIDDEN = /${HIDDEN_CHARACTER.source}/gu;
const SVG = 'http://www.w3.org/2000/svg';

function element(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', '#icon-' + name);
  svg.append(use);
  return svg;
}

// As the static part of the page has it: what cannot be seen is spelled out.
function visible(text) {
  return text.replace(HIDDEN, (hidden) =>
    '⟨U+' + hidden.codePointAt(0).toString(16).toUpperCase().padStart(4, '0') + '⟩');
}

// Very long text would bury its neighbours; the evidence shows it whole. No pair of surrogates is split.
function shortened(text) {
  const cut = text.slice(0, CELL_LENGTH).replace(/[\uD800-\uDBFF]$/, '');
  return text.length <= CELL_LENGTH ? visible(text) : visible(cut) + '…';
}

// A name that does not fit breaks before its domain, and only then anywhere.
function userCell(row) {
  const [name, ...domain] = shortened(row.user).split('@');
  return element('td', {}, name, ...domain.flatMap((part) => [element('wbr', {}), '@' + part]));
}

function verdictCell(row) {
  const pill = element('span', { class: 'pill ' + row.verdictName }, icon(row.verdictName), row.verdictName);
  return element('td', {}, pill, ...(row.already ? [element('span', { class: 'before' }, 'already so before')] : []));
}

function reasonCell(row) {
  const cell = element('td', {});
  if (row.reason) cell.append(element('bdi', {}, element('code', { class: 'reason' }, shortened(row.reason))), ' ');
  cell.append(element('bdi', {}, shortened(row.detail)));
  if (row.waits) cell.append(row.waits);
  if (row.next) cell.append(element('bdi', { class: 'next' }, shortened(row.next)));
  return cell;
}

// What Microsoft's support asks for. A page from the disk may not be let at the clipboard: then the old way is tried.
function copyButton(row) {
  const button = element('button', { type: 'button', class: 'small' }, 'Copy the request ids');
  const text = 'request-id: ' + (row.requestId || 'none, the answer was lost') + '\nclient-request-id: ' + row.clientRequestId;
  const say = (word) => {
    button.textContent = word;
    setTimeout(() => { button.textContent = 'Copy the request ids'; }, 2000);
  };
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      say('Copied');
    } catch {
      const area = element('textarea', { class: 'unseen', 'aria-hidden': 'true' });
      area.value = text;
      button.after(area);
      area.select();
      const copied = document.execCommand('copy');
      area.remove();
      button.focus();
      say(copied ? 'Copied' : 'The browser refused; copy them by hand');
    }
  });
  button.setAttribute('aria-live', 'polite');
  return button;
}

function evidence(row) {
  const facts = [
    ['Row', row.path], ['Serial number', row.serial], ['User', row.user],
    ['Reason', row.reason], ['What is known', row.detail], ['Next step', row.next],
    ['Assigned and not activated since', row.assignedSince],
    ['Token id', row.deviceId], ['User id', row.userId],
    ['Our request id (client-request-id)', row.clientRequestId], ['The service’s request id', row.requestId],
  ].filter(([, text]) => text !== '');
  const list = element('dl', { class: 'facts' });
  for (const [name, text] of facts) {
    list.append(element('div', {}, element('dt', {}, name), element('dd', {}, element('bdi', {}, visible(text)))));
  }
  if (row.clientRequestId) list.append(element('div', {}, element('dt', {}, 'For a support case'), element('dd', {}, copyButton(row))));
  return element('tr', { class: 'evidence', id: 'evidence-' + row.n }, element('td', { colspan: '7' }, list));
}

function lineOf(row, marked) {
  const button = element('button', { type: 'button', class: 'small', 'aria-expanded': 'false' }, 'Evidence');
  button.setAttribute('aria-label', 'Evidence for ' + shortened(row.place));
  const line = element('tr', { id: 'row-' + row.n, tabindex: '-1' },
    element('th', { scope: 'row' }, element('a', { href: '#row-' + row.n }, element('bdi', {}, shortened(row.place)))),
    element('td', { class: 'mono' }, shortened(row.serial)),
    userCell(row),
    verdictCell(row),
    reasonCell(row),
    element('td', { class: 'number' }, String(row.attempts)),
    element('td', { class: 'number' }, button));
  if (marked) line.classList.add('found');
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') === 'true';
    if (open) line.nextElementSibling.remove();
    else line.after(evidence(row));
    button.setAttribute('aria-expanded', String(!open));
  });
  return line;
}
`;
