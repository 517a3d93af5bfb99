// The simulation as a command: `npm run sim -- --seeds 100000`. A seed that fails names itself, and the line
// that plays it again.

import { parseArgs } from 'node:util';
import { simulate } from './simulate.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
  },
});

const first = Number(values.seed ?? values.from);
const count = values.seed === undefined ? Number(values.seeds) : 1;
if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count) || count < 1) {
  console.error('usage: npm run sim -- [--seeds N] [--from SEED] | --seed SEED');
  process.exit(2);
}

const startedMs = performance.now();
const tally = await simulate(first, count, ({ seed, found }) => {
  console.error(`seed ${seed} failed:\n${found.map((one) => `  ${one}`).join('\n')}`);
  console.error(`  again: npm run sim -- --seed ${seed}`);
});
const seconds = (performance.now() - startedMs) / 1_000;
console.log(JSON.stringify({ ...tally, seconds: Math.round(seconds * 10) / 10 }));
process.exitCode = tally.failed === 0 ? 0 : 1;
