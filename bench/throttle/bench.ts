// npm run bench:throttle [-- --rows N] [--seeds N] [--worlds A,B] [--ours] [--json] [--write]: how near each
// client comes to the least time that a service allows, how often it is refused, how many rows it gives up.
// All of it in virtual time. --write puts the table into docs/performance.md.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { AUTO, DOCUMENTED_WRITES, type PacerSettings } from '../../src/graph/pacer-settings.js';
import { PEERS } from './peers.js';
import { play } from './play.js';
import { playPeer } from './play-peer.js';
import { WORLDS, type World } from './worlds.js';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000' },
    seeds: { type: 'string', default: '3' },
    worlds: { type: 'string', default: 'A,B,C,D,E,F,G,H,I,J,K,L,M,N,O' },
    ours: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ROWS = Number(options.rows);
const SEEDS = Array.from({ length: Number(options.seeds) }, (_, at) => at + 1);
/** Fewer fit into the largest burst, and have no bound to be compared with. */
const ROWS_MIN = 4_000;
const names = options.worlds.split(',');
const unknown = names.find((name) => WORLDS.every((world) => world.name !== name));
if (unknown !== undefined || !Number.isInteger(ROWS) || ROWS < ROWS_MIN || SEEDS.length === 0) {
  console.error(
    `bench:throttle: --rows is a whole number from ${ROWS_MIN}, --seeds from 1; --worlds are some of ${WORLDS.map(({ name }) => name).join(',')}`,
  );
  process.exit(2);
}
const worlds = WORLDS.filter(({ name }) => names.includes(name));

/** Means over the seeds. */
interface Cell {
  readonly world: string;
  readonly client: string;
  readonly ratio: number | undefined;
  readonly refused: number;
  readonly failed: number;
}

interface Once {
  readonly ratio: number | undefined;
  readonly refused: number;
  readonly failed: number;
}

interface Client {
  readonly name: string;
  readonly once: (world: World, seed: number) => Promise<Once>;
}

const ours = (name: string, settings: PacerSettings): Client => ({
  name: `**oathbatch**, ${name}`,
  once: async (world, seed) => ({ ...play(world, settings, ROWS, seed), failed: 0 }),
});

const clients: readonly Client[] = [
  ours('documented', DOCUMENTED_WRITES),
  ours('auto', AUTO),
  ours('auto, remembers 40/s', { ...AUTO, remembered: 40 }),
  ours('auto, remembers 10/s', { ...AUTO, remembered: 10 }),
  ours('`rate: 40`', { rate: 40, burst: 6_000, ceiling: 40, likely: DOCUMENTED_WRITES.rate }),
  ours('`rate: 10`', { rate: 10, burst: 1_500, ceiling: 10, likely: DOCUMENTED_WRITES.rate }),
  ...(options.ours ? [] : PEERS).map((peer) => ({
    name: peer.name,
    once: (world: World, seed: number) => playPeer(world, peer, ROWS, seed),
  })),
];

async function measure(client: Client, world: World): Promise<Cell> {
  const all: Once[] = [];
  for (const seed of SEEDS) {
    const once = await client.once(world, seed);
    all.push(once);
    // Who never ends with one seed has not to be waited for with the others.
    if (once.ratio === undefined) break;
  }
  const mean = (of: (once: Once) => number): number =>
    all.reduce((sum, once) => sum + of(once), 0) / all.length;
  return {
    world: world.name,
    client: client.name,
    ratio: all.some(({ ratio }) => ratio === undefined) ? undefined : mean(({ ratio = 0 }) => ratio),
    refused: Math.round(mean(({ refused }) => refused)),
    failed: Math.round(mean(({ failed }) => failed)),
  };
}

const thousands = (count: number): string => count.toLocaleString('en-US');

function text({ ratio, refused, failed }: Cell): string {
  if (ratio === undefined) return '**never**';
  const time = `${ratio.toFixed(2)} / ${thousands(refused)}`;
  return failed === 0 ? time : `(${time} / **${thousands(failed)} failed**)`;
}

const cells: Cell[] = [];
for (const client of clients) {
  for (const world of worlds) cells.push(await measure(client, world));
  process.stderr.write(`  ${client.name}\n`);
}

function table(): string {
  const line = (words: readonly string[]): string => `| ${words.join(' | ')} |`;
  const rows = clients.map(({ name }) =>
    line([name, ...cells.filter(({ client }) => client === name).map(text)]),
  );
  const head = ['client', ...worlds.map(({ name }) => name)];
  return [line(head), line(head.map(() => '---')), ...rows].join('\n');
}

const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
const typed = `npm run bench:throttle -- --rows ${ROWS} --seeds ${SEEDS.length}${options.ours ? ' --ours' : ''}`;
const title = `${thousands(ROWS)} rows, mean of ${SEEDS.length} ${SEEDS.length === 1 ? 'seed' : 'seeds'} (\`${typed}\`, at ${commit}).`;
if (options.json) console.log(JSON.stringify({ rows: ROWS, seeds: SEEDS.length, commit, cells }, null, 1));
else console.log(`${title}\n\n${table()}`);
if (options.write) {
  const page = 'docs/performance.md';
  const place = `bench:throttle ${ROWS}`;
  const [begin, end] = [`<!-- ${place}: begin -->`, `<!-- ${place}: end -->`];
  const whole = readFileSync(page, 'utf8');
  const [beginAt, endAt] = [whole.indexOf(begin), whole.indexOf(end)];
  if (beginAt < 0 || endAt < 0) throw new Error(`${page} has no place for the table: ${begin} … ${end}`);
  writeFileSync(
    page,
    `${whole.slice(0, beginAt + begin.length)}\n\n${title}\n\n${table()}\n\n${whole.slice(endAt)}`,
  );
}
