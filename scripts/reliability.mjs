// Writes the figures of docs/reliability.md from a run of the simulation: node scripts/reliability.mjs [SEEDS].
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const seeds = process.argv[2] ?? '10000';
const out = execFileSync(process.execPath, [join(root, 'scripts', 'sim.mjs'), '--seeds', seeds], {
  encoding: 'utf8',
  stdio: ['ignore', 'pipe', 'inherit'],
});
const tally = JSON.parse(out);
const line = (what, count) => `| ${what} | ${count.toLocaleString('en-GB')} |`;
const figures = [
  '| what | count |',
  '|---|---:|',
  line('seeds played', tally.seeds),
  line('seeds that broke an invariant', tally.failed),
  line('rows', tally.rows),
  line('lives of the program', tally.lives),
  line('crashes', tally.crashes),
  line('operations of ledger and network in those lives', tally.operations),
  line('writes that reached the service', tally.writes),
  line('seeds with the ledger on a disk', tally.onDisk),
  line('seeds whose reports had to be those of the undisturbed run', tally.sameFortune),
  ...Object.entries(tally.failures).map(([code, count]) => line(`lives that ended with \`${code}\``, count)),
  ...Object.entries(tally.classes).map(([name, count]) =>
    line(`seeds with faults of the class ${name}`, count),
  ),
];
const path = join(root, 'docs', 'reliability.md');
const text = readFileSync(path, 'utf8');
const [head] = text.split('<!-- figures -->');
const [, tail] = text.split('<!-- /figures -->');
writeFileSync(path, `${head}<!-- figures -->\n${figures.join('\n')}\n<!-- /figures -->${tail}`);
