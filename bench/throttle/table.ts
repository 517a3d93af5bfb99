// The table of the benchmark: a line for each client, a column for each service; and its place in a document.

import { readFileSync, writeFileSync } from 'node:fs';

/** Means over the seeds. */
export interface Cell {
  readonly world: string;
  readonly client: string;
  /** Against the least time; `undefined` when it would never have ended. */
  readonly ratio: number | undefined;
  readonly refused: number;
  readonly failed: number;
}

export const thousands = (count: number): string => count.toLocaleString('en-US');

/** A client and a service that were not played together have an empty cell. */
function text(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const { ratio, refused, failed } = cell;
  if (ratio === undefined) return '**never**';
  const time = `${ratio.toFixed(2)} / ${thousands(refused)}`;
  return failed === 0 ? time : `(${time} / **${thousands(failed)} failed**)`;
}

export function tableOf(
  cells: readonly Cell[],
  clients: readonly string[],
  worlds: readonly string[],
): string {
  const line = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
  const cellOf = (client: string, world: string): Cell | undefined =>
    cells.find((cell) => cell.client === client && cell.world === world);
  const rows = clients.map((client) => line([client, ...worlds.map((world) => text(cellOf(client, world)))]));
  const head = ['client', ...worlds];
  return [line(head), line(head.map(() => '---')), ...rows].join('\n');
}

const PAGE = 'docs/performance.md';

/** Puts a text between the marks of its place. Throws when the page has no such place. */
export function writeAt(place: string, written: string): void {
  const [begin, end] = [`<!-- ${place}: begin -->`, `<!-- ${place}: end -->`];
  const whole = readFileSync(PAGE, 'utf8');
  const [beginAt, endAt] = [whole.indexOf(begin), whole.indexOf(end)];
  if (beginAt < 0 || endAt < 0) throw new Error(`${PAGE} has no place for the table: ${begin} … ${end}`);
  writeFileSync(PAGE, `${whole.slice(0, beginAt + begin.length)}\n\n${written}\n\n${whole.slice(endAt)}`);
}
