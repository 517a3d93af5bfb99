// The simulation as a command: `npm run sim -- --seeds 100000`. A seed that fails names itself, and the line
// that plays it again.

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Answer, playTogether, shareSchema } from './crew.js';
import { type FailedSeed, simulate } from './simulate.js';

const PROGRESS_EVERY_MS = 10_000;

const STOP_SIGNALS = ['SIGINT', 'SIGTERM'] as const;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '2000' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    processes: { type: 'string', default: String(availableParallelism()) },
    share: { type: 'boolean', default: false },
  },
});

/** One of several: plays what it is given, until nothing more comes. */
function playShares(): void {
  const stop = new AbortController();
  // Nobody hears the answer any more: whoever asked has what he wanted, or is gone.
  process.on('disconnect', () => stop.abort());
  // A terminal tells everybody; it is for the one who shares out to stop.
  for (const name of STOP_SIGNALS) process.on(name, () => undefined);
  process.on('message', (message) => {
    const { first, seeds } = shareSchema.parse(message);
    const failed: FailedSeed[] = [];
    simulate(first, seeds, (one) => failed.push(one), stop.signal).then(
      (tally) => {
        if (stop.signal.aborted) return;
        const { user, system } = process.cpuUsage();
        const answer = { tally, failed, cpuSeconds: (user + system) / 1e6 };
        process.send?.(answer satisfies { readonly [Key in keyof Answer]: unknown });
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

async function command(): Promise<void> {
  const first = Number(values.seed ?? values.from);
  const count = values.seed === undefined ? Number(values.seeds) : 1;
  const processes = Number(values.processes);
  if (![first, count, processes].every(Number.isSafeInteger) || count < 1 || processes < 1) {
    console.error('usage: npm run sim -- [--seeds N] [--from SEED] [--processes N] | --seed SEED');
    process.exit(2);
  }
  const startedMs = performance.now();
  let toldMs = startedMs;
  const stop = new AbortController();
  for (const name of [...STOP_SIGNALS, 'disconnect']) process.once(name, () => stop.abort());
  process.channel?.unref();
  const tally = await playTogether(first, count, {
    program: fileURLToPath(import.meta.url),
    processes,
    signal: stop.signal,
    onFailure: ({ seed, found }) => {
      console.error(`seed ${seed} failed:\n${found.map((one) => `  ${one}`).join('\n')}`);
      console.error(`  again: npm run sim -- --seed ${seed}`);
    },
    onProgress: (played) => {
      const nowMs = performance.now();
      if (nowMs - toldMs < PROGRESS_EVERY_MS) return;
      toldMs = nowMs;
      console.error(`${played} of ${count} seeds, ${(played / ((nowMs - startedMs) / 1_000)).toFixed(1)}/s`);
    },
  });
  const seconds = (performance.now() - startedMs) / 1_000;
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  console.log(
    JSON.stringify({
      ...tally,
      ...{ seconds: rounded(seconds), cpuSeconds: rounded(tally.cpuSeconds) },
      seedsPerCpuSecond: rounded(tally.seeds / tally.cpuSeconds),
    }),
  );
  process.exitCode = stop.signal.aborted ? 130 : tally.failed === 0 ? 0 : 1;
}

if (values.share) playShares();
else await command();
