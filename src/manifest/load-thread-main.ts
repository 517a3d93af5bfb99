// What runs in the thread of load-thread.ts: reads the files, and hands over what they ask for.

import { type MessagePort, parentPort } from 'node:worker_threads';
import { invariant } from '../errors.js';
import { handOver, refusalOf } from './handed-over.js';
import { type DesiredSources, loadDesired } from './load.js';

async function serve(port: MessagePort, files: DesiredSources): Promise<void> {
  try {
    const { message, memory } = handOver(await loadDesired(files));
    port.postMessage(message, memory);
  } catch (error) {
    port.postMessage(refusalOf(error));
  }
}

const port = parentPort;
invariant(port !== null, 'this is for a thread');
port.once('message', (files: DesiredSources) => {
  // A bug ends the thread, and whoever waits for it is told.
  serve(port, files).catch((error: unknown) => {
    throw error;
  });
});
