// Posts the digest of a run that has ended. The run is in the ledger and in its reports by then: whatever becomes of
// the digest changes neither them nor the exit code, and is said on standard error. One attempt, in bounded time.

import { OperationError } from '../errors.js';
import { createHttpTransport } from '../graph/http.js';
import type { HttpResult } from '../graph/transport.js';
import type { Job } from '../job/job.js';
import { digestBody } from '../report/digest.js';
import type { ReportInput } from '../report/model.js';
import type { Context } from './common.js';
import { wayOut } from './sign-in.js';

/** From the first packet to the last of the answer. A scheduler's job must not hang on a chat service. */
const DIGEST_MS = 10_000;

/** Tells the job's channel how the run ended, if the job names one. Never throws for what a network does. */
export async function sendDigest(input: ReportInput, job: Job, context: Context): Promise<void> {
  if (job.digest === undefined) return;
  const trouble = await post(job, job.digest.webhook.reveal(), digestBody(input), context);
  if (trouble === undefined) return;
  context.screen.say(
    `The digest was not delivered: ${trouble}. The run and its reports are not touched by it.`,
  );
}

/** What went wrong, without the address; nothing when it was taken. */
async function post(job: Job, url: string, body: string, context: Context): Promise<string | undefined> {
  const late = new AbortController();
  const done = new AbortController();
  try {
    const way = await wayOut(job, context.environment);
    const transport = createHttpTransport({ ...way, signal: late.signal });
    const deadline = context.clock.sleep(DIGEST_MS, done.signal).then(() => {
      if (!done.signal.aborted) late.abort();
    });
    const headers = { 'content-type': 'application/json' };
    const result = await transport.send({ method: 'POST', url, headers, body });
    done.abort();
    await deadline;
    await transport.close();
    return late.signal.aborted ? `no answer within ${DIGEST_MS / 1_000} seconds` : troubleIn(result);
  } catch (error) {
    if (error instanceof OperationError) return error.message.replace(/\.$/, '');
    throw error;
  }
}

function troubleIn(result: HttpResult): string | undefined {
  if (result.kind !== 'answer') return 'the address of digest.webhook cannot be reached';
  if (result.status >= 200 && result.status < 300) return undefined;
  return `the service answered ${result.status}`;
}
