// Writes the figures of the mutation testing into docs/reliability.md, from what `npm run mutation` left behind, or
// from several reports of a part each: node scripts/mutation-figures.mjs [REPORT...]
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const named = process.argv.slice(2);
const reports = named.length > 0 ? named : [join(root, '.mutation/report.json')];
const files = Object.assign({}, ...reports.map((report) => JSON.parse(readFileSync(report, 'utf8')).files));

const PARTS = [
  ['the plan, `src/plan`', (name) => name.startsWith('src/plan/')],
  ['reconciliation, `src/reconcile`', (name) => name.startsWith('src/reconcile/')],
  ['the outcome table, `src/provision/outcome.ts`', (name) => name === 'src/provision/outcome.ts'],
  ['the pacer, in `src/graph`', (name) => name.startsWith('src/graph/')],
];

function tally(belongs) {
  const count = { Killed: 0, Timeout: 0, Survived: 0, NoCoverage: 0 };
  for (const [name, { mutants }] of Object.entries(files)) {
    if (!belongs(name)) continue;
    for (const { status } of mutants) {
      if (status in count) count[status] += 1;
      // A mutant that does not load or that an annotation left out is no figure for the tests.
      else if (status !== 'CompileError' && status !== 'RuntimeError' && status !== 'Ignored') {
        throw new Error(`${name} has a mutant that is ${status}: run it to its end.`);
      }
    }
  }
  return count;
}

function line(what, { Killed, Timeout, Survived, NoCoverage }) {
  const all = Killed + Timeout + Survived + NoCoverage;
  if (all === 0) return `| ${what} | not counted yet | | | | | |`;
  const share = `${(Math.floor(((Killed + Timeout) / all) * 1_000) / 10).toFixed(1)} %`;
  return `| ${[what, all, Killed, Timeout, Survived, NoCoverage, share]
    .map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en-GB') : cell))
    .join(' | ')} |`;
}

const table = [
  '| what | mutants | killed | endless, so killed by time | survived | not covered | killed of all |',
  '|---|---:|---:|---:|---:|---:|---:|',
  ...PARTS.map(([what, belongs]) => line(what, tally(belongs))),
  line(
    'all that were counted',
    tally(() => true),
  ),
];
const path = join(root, 'docs', 'reliability.md');
const text = readFileSync(path, 'utf8');
const [head, rest] = text.split('<!-- mutants -->');
const [, tail] = rest.split('<!-- /mutants -->');
writeFileSync(path, `${head}<!-- mutants -->\n${table.join('\n')}\n<!-- /mutants -->${tail}`);
