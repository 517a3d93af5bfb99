// How V8 keeps its heap (decision 0096), for the process as a whole: only commands call these. Sooner is better: what
// the heap has grown to it gives back late.

import { setFlagsFromString } from 'node:v8';

/** V8's own: `node --v8-options`. */
const GROWTH_USUAL = 2;

/** Beside what these rows take a heap as V8 likes it, and a thread, are no more than a million rows take. */
const ROWS_OF_A_LARGE_HEAP = 200_000;

/** Whether memory may be taken for speed: nobody throttles, and the rows are few enough. */
export function maySpendMemory({ isUnlimited, rows }: Work): boolean {
  return isUnlimited && rows <= ROWS_OF_A_LARGE_HEAP;
}

interface Work {
  readonly isUnlimited: boolean;
  readonly rows: number;
}

/**
 * New objects are made where garbage is collected first. V8 makes them among the old ones where many lived long before:
 * a token of a page of the list does, and is then made a million times more to be looked at once.
 * The flags: https://nodejs.org/api/v8.html#v8setflagsfromstringflags
 */
export function keepObjectsYoung(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Garbage is collected sooner, for commands that hold a whole tenant, wait for the service most of the time, and run
 * beside others.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString(`--semi-space-growth-factor=${GROWTH_USUAL}`);
}

/**
 * Where nobody throttles and the rows are few enough, garbage is collected as V8 has it: with a part for new objects of
 * a megabyte it would be collected for each three or four writes.
 */
export function letHeapGrow(work: Work): void {
  if (maySpendMemory(work)) setFlagsFromString('--no-optimize-for-size');
}

/** The part for new objects stays as small as it is as well, where nothing is sent: it costs some time. */
export function keepWholeHeapSmall(): void {
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--semi-space-growth-factor=1');
}
