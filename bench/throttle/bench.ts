// npm run bench:throttle [-- --rows N] [--seeds N] [--worlds A,B] [--peer-worlds A,B] [--ours] [--jobs N] [--json]
// [--write]: how near each client comes to the least time that a service allows, how often it is refused, how
// many rows it gives up. All of it in virtual time, a client and a service at a time in each of so many processes.
// --write puts the table into docs/performance.md. With --real: see real.ts.

import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CLIENTS, type Client, type Once } from './clients.js';
import { compareOverSockets } from './real.js';
import { type Cell, tableOf, thousands, writeAt } from './table.js';
import { WORLDS, type World } from './worlds.js';

const ALL = 'A,B,C,D,E,F,G,H,I,J,K,L,M,N,O';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    worlds: { type: 'string', default: ALL },
    'peer-worlds': { type: 'string', default: ALL },
    ours: { type: 'boolean', default: false },
    jobs: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
    worker: { type: 'boolean', default: false },
  },
});
const ROWS = Number(options.rows ?? '10000');
const SEEDS = Array.from({ length: Number(options.seeds) }, (_, at) => at + 1);
/** Fewer fit into the largest burst, and have no bound to be compared with. */
const ROWS_MIN = 4_000;
const names = options.worlds.split(',');
const peerNames = options['peer-worlds'].split(',');
const isUnknown = (name: string): boolean => WORLDS.every((world) => world.name !== name);

const worlds = WORLDS.filter(({ name }) => names.includes(name));
const clients = CLIENTS.filter(({ isPeer }) => !(options.ours && isPeer));

/** One cell of the table, by its places in the two lists. */
interface Task {
  readonly client: number;
  readonly world: number;
}

async function measure(client: Client, world: World): Promise<Cell> {
  const all: Once[] = [];
  for (const seed of SEEDS) {
    const once = await client.once(world, ROWS, seed);
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

/** In a process of its own: one cell for each task that comes. */
function work(): void {
  // Nobody is left to work for, whether all is done or the parent was killed.
  process.once('disconnect', () => process.exit(0));
  process.on('message', (task: Task) => {
    const [client, world] = [CLIENTS[task.client], WORLDS[task.world]];
    if (client === undefined || world === undefined) throw new Error('there is no such cell');
    measure(client, world).then(
      (cell) => process.send?.(cell),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

/** Hands the tasks out, and gathers the cells. */
async function workers(tasks: readonly Task[]): Promise<readonly Cell[]> {
  const cells: Cell[] = [];
  const waiting = [...tasks];
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const child: ChildProcess = fork(fileURLToPath(import.meta.url), [
        ...process.argv.slice(2),
        '--worker',
      ]);
      const next = (): void => {
        const task = waiting.shift();
        if (task === undefined) child.disconnect();
        else child.send(task);
      };
      child.on('message', (cell: Cell) => {
        cells.push(cell);
        process.stderr.write(`  ${cells.length} of ${tasks.length}: ${cell.client}, ${cell.world}\n`);
        next();
      });
      child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error('a worker has failed'))));
      next();
    });
  await Promise.all(Array.from({ length: Math.min(Number(options.jobs), tasks.length) }, one));
  return cells;
}

/** What takes longest begins first: the peers, whose packages run as they are. */
function allTasks(): readonly Task[] {
  return clients
    .toReversed()
    .flatMap((client) =>
      worlds
        .filter(({ name }) => !client.isPeer || peerNames.includes(name))
        .map((world) => ({ client: CLIENTS.indexOf(client), world: WORLDS.indexOf(world) })),
    );
}

async function inVirtualTime(commit: string): Promise<void> {
  const cells = await workers(allTasks());
  const isPart = options['peer-worlds'] !== ALL && !options.ours;
  const typed = `npm run bench:throttle -- --rows ${ROWS} --seeds ${SEEDS.length}${options.ours ? ' --ours' : ''}${isPart ? ` --peer-worlds ${options['peer-worlds']}` : ''}`;
  const title = `${thousands(ROWS)} rows, mean of ${SEEDS.length} ${SEEDS.length === 1 ? 'seed' : 'seeds'} (\`${typed}\`, at ${commit}).`;
  const table = tableOf(
    cells,
    clients.map(({ name }) => name),
    worlds.map(({ name }) => name),
  );
  if (options.json) console.log(JSON.stringify({ rows: ROWS, seeds: SEEDS.length, commit, cells }, null, 1));
  else console.log(`${title}\n\n${table}`);
  if (options.write) writeAt(`bench:throttle ${ROWS}`, `${title}\n\n${table}`);
}

if (
  [...names, ...peerNames].some(isUnknown) ||
  SEEDS.length === 0 ||
  !(Number(options.jobs) >= 1) ||
  !(options.real || (Number.isInteger(ROWS) && ROWS >= ROWS_MIN))
) {
  console.error(
    `bench:throttle: --rows is a whole number from ${ROWS_MIN}, --seeds and --jobs from 1; --worlds are some of ${WORLDS.map(({ name }) => name).join(',')}`,
  );
  process.exit(2);
}
if (options.worker) work();
else {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  if (options.real) {
    const text = await compareOverSockets(options.rows === undefined ? undefined : ROWS, commit);
    console.log(text);
    if (options.write) writeAt('bench:throttle real', text);
  } else await inVirtualTime(commit);
}
