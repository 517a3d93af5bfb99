// Plays seeds in several processes at once. A seed is the same wherever it is played: the processes only share out
// the numbers.

import { type ChildProcess, fork } from 'node:child_process';
import { z } from 'zod';
import { FAULT_CLASSES } from './draw.js';
import type { FailedSeed } from './simulate.js';
import { NOTHING, sumOf, type Tally } from './tally.js';

/** Seeds that a process plays before it asks for more: some seconds of work. */
const SHARE = 250;

/** Room for what a seed leaves behind, so that it is not looked through again and again. */
const NODE_OPTIONS = ['--max-semi-space-size=64'];

export const shareSchema = z.object({ first: z.number(), seeds: z.number() });

const count = z.number();
const answerSchema = z.object({
  tally: z.object({
    ...{ seeds: count, failed: count, rows: count, lives: count, crashes: count, operations: count },
    ...{ writes: count, onDisk: count, sameFortune: count, flushedBeside: count },
    ...{ ownLists: count, ownListsCompared: count },
    failures: z.record(z.string(), count),
    classes: z.partialRecord(z.enum(FAULT_CLASSES), count),
  }),
  failed: z.array(z.object({ seed: z.number(), found: z.array(z.string()) })),
  /** Of the processor, user and system, since the process began. */
  cpuSeconds: count,
});

export type Answer = z.infer<typeof answerSchema>;

export interface Crew {
  /** The module that plays a share for each message, and answers it. */
  readonly program: string;
  readonly processes: number;
  /** Aborted: what was given out is broken off after the seed in hand, and what was answered is counted. */
  readonly signal: AbortSignal;
  readonly onFailure: (failed: FailedSeed) => void;
  readonly onProgress: (played: number) => void;
}

/** Plays `seeds` seeds from `first` on. A process ends with the one that it plays for. */
export async function playTogether(
  first: number,
  seeds: number,
  crew: Crew,
): Promise<Tally & { readonly cpuSeconds: number }> {
  const end = first + seeds;
  let next = first;
  let tally: Tally = NOTHING;
  const children: ChildProcess[] = [];
  const letGo = (child: ChildProcess): void => {
    if (child.connected) child.disconnect();
  };
  crew.signal.addEventListener('abort', () => children.forEach(letGo), { once: true });
  const work = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const child = fork(crew.program, ['--share'], { execArgv: NODE_OPTIONS });
      children.push(child);
      let cpuSeconds = 0;
      const give = (): void => {
        if (next >= end || crew.signal.aborted) {
          letGo(child);
          return;
        }
        const share = { first: next, seeds: Math.min(SHARE, end - next) };
        next += share.seeds;
        child.send(share);
      };
      child.on('message', (message) => {
        const answer = answerSchema.parse(message);
        for (const one of answer.failed) crew.onFailure(one);
        tally = sumOf(tally, answer.tally);
        cpuSeconds = answer.cpuSeconds;
        crew.onProgress(tally.seeds);
        give();
      });
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (code === 0 || crew.signal.aborted) resolve(cpuSeconds);
        else reject(new Error(`a process that plays seeds ended with ${code ?? signal}`));
      });
      give();
    });
  const processes = Math.min(crew.processes, Math.ceil(seeds / SHARE));
  const spent = await Promise.all(Array.from({ length: processes }, work));
  return { ...tally, cpuSeconds: spent.reduce((sum, one) => sum + one, 0) };
}
