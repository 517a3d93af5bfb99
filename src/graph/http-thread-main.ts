// What runs in the thread of http-thread.ts: sends what it is given, and tells what becomes of it.

import { type MessagePort, parentPort } from 'node:worker_threads';
import { invariant } from '../errors.js';
import { createHttpTransport } from './http.js';
import type { FromThread, ThreadOptions, ToThread } from './http-thread.js';
import { TurnBatch } from './turn-batch.js';

function serve(port: MessagePort, options: ThreadOptions): void {
  const transport = createHttpTransport(options);
  const results = new TurnBatch<FromThread[number]>((batch) => port.postMessage(batch));
  const close = async (): Promise<void> => {
    await transport.close();
    results.flush();
    port.close();
  };
  port.on('message', (message: ToThread) => {
    if (message === 'close') {
      close().catch(fail);
      return;
    }
    for (const [place, request] of message) {
      transport.send(request).then((result) => results.push([place, result]), fail);
    }
  });
}

/** A bug ends the thread, and whoever waits for it is told. */
function fail(error: unknown): never {
  throw error;
}

const port = parentPort;
invariant(port !== null, 'this is for a thread');
port.once('message', (options: ThreadOptions) => serve(port, options));
