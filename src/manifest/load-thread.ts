// Reads the files of a job in a thread of its own, for commands that send no key and have something else to do
// meanwhile. What is in it is load.ts; see load-thread-main.ts.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { invariant } from '../errors.js';
import { type DesiredOrRefusal, taken } from './handed-over.js';
import type { DesiredSources } from './load.js';
import type { Desired } from './row.js';

const PROGRAM = new URL('./load-thread-main.js', import.meta.url);

/**
 * What `loadDesired` answers, but for keys and codes, of which none can be revealed: they do not leave the thread.
 *
 * @param files - without passwords and keys, and none of them the standard input.
 * @param program - what the thread runs, for tests, which are not built.
 * @throws {OperationError} as `loadDesired`.
 */
export async function loadDesiredBeside(files: DesiredSources, program = PROGRAM): Promise<Desired> {
  const worker = new Worker(program);
  try {
    worker.postMessage(files);
    const ended = once(worker, 'exit').then(() => []);
    const said: readonly DesiredOrRefusal[] = await Promise.race([once(worker, 'message'), ended]);
    const [message] = said;
    invariant(message !== undefined, 'the thread of the files has said nothing');
    return taken(message);
  } finally {
    await worker.terminate();
  }
}
