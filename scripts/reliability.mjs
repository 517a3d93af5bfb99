// Writes the figures of docs/reliability.md, each part from a command of its own:
//
//   npm run build
//   node scripts/reliability.mjs counts          crash points, kills, damages, bytes searched: the tests that count them
//   node scripts/reliability.mjs seeds 100000    the simulation
//
// What was counted is kept in coverage/reliability-counts.jsonl and coverage/reliability-seeds.json.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const kept = join(root, 'coverage');
const line = (what, count) => `| ${what} | ${count.toLocaleString('en-GB')} |`;

/** Runs a program of this repository to its end, and ends it with this process. */
function run(args, { environment = {}, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ['ignore', stdout, 'inherit', 'ipc'],
    });
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
    child.on('close', (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`it ended with ${code}; no figure was written`));
    });
  });
}

/** Puts the lines of a table between two markers of the document. */
function write(marker, lines) {
  const path = join(root, 'docs', 'reliability.md');
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const [head, tail] = [text.split(begin)[0], text.split(end)[1]];
  if (tail === undefined) throw new Error(`docs/reliability.md has no ${begin}`);
  writeFileSync(path, `${head}${begin}\n| what | count |\n|---|---:|\n${lines.join('\n')}\n${end}${tail}`);
}

/** The tests that count, and how many kills they are asked for. */
const COUNTING = [
  'test/simulation/sweep.test.ts',
  'test/crash',
  'test/cli/canary.e2e.test.ts',
  'test/ledger/damage.test.ts',
];
const KILLS = '50';

const COUNTED = {
  crashPoints:
    'points at which the sweep stopped a run of 50 rows and carried it on (`test/simulation/sweep.test.ts`)',
  kills:
    'times that `kill -9` ended the built command over HTTP, and it was carried on (`test/crash/kill.test.ts`)',
  ledgerDamages: 'damages of the ledger that were read (`test/ledger/damage.test.ts`)',
  secretsSearched:
    'secrets that were looked for, in all searches (`test/cli/canary.e2e.test.ts`, `test/crash/canary.test.ts`)',
  spellings: 'spellings of those secrets',
  filesSearched: 'files, streams and crash dumps that were searched',
  bytesSearched: 'bytes in them, each for every spelling',
};

async function counts() {
  mkdirSync(kept, { recursive: true });
  const file = join(kept, 'reliability-counts.jsonl');
  rmSync(file, { force: true });
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  await run([vitest, 'run', ...COUNTING], { environment: { OATHBATCH_COUNTS: file, KILLS } });
  const sums = {};
  for (const text of readFileSync(file, 'utf8').trimEnd().split('\n')) {
    const { what, count } = JSON.parse(text);
    sums[what] = (sums[what] ?? 0) + count;
  }
  write(
    'counts',
    Object.entries(COUNTED).map(([name, what]) => line(what, sums[name] ?? 0)),
  );
}

async function seeds(count) {
  const out = await run([join(root, 'scripts', 'sim.mjs'), '--seeds', count], { stdout: 'pipe' });
  mkdirSync(kept, { recursive: true });
  writeFileSync(join(kept, 'reliability-seeds.json'), out);
  const tally = JSON.parse(out);
  write('figures', [
    line('seeds played', tally.seeds),
    line('seeds that broke an invariant', tally.failed),
    line('rows', tally.rows),
    line('lives of the program', tally.lives),
    line('crashes', tally.crashes),
    line('operations of ledger and network in those lives', tally.operations),
    line('writes that reached the service', tally.writes),
    line('seeds with the ledger on a disk', tally.onDisk),
    line('seeds with the ledger flushed beside the work', tally.flushedBeside),
    line("seeds with a run that was verified by users' own lists", tally.ownLists),
    line('seeds whose reports had to be those of the undisturbed run', tally.sameFortune),
    line("of these, with a run that was verified by users' own lists", tally.ownListsCompared),
    ...Object.entries(tally.failures).map(([code, many]) => line(`lives that ended with \`${code}\``, many)),
    ...Object.entries(tally.classes).map(([name, many]) =>
      line(`seeds with faults of the class ${name}`, many),
    ),
  ]);
}

const [part, count = '10000'] = process.argv.slice(2);
if (part === 'counts') await counts();
else if (part === 'seeds') await seeds(count);
else if (part !== undefined && /^\d+$/.test(part)) await seeds(part);
else {
  console.error('usage: node scripts/reliability.mjs counts | seeds [N]');
  process.exitCode = 2;
}
