// Reads in JSON batches of twenty (graph-api.md, section 6). Each request inside is judged by the service on
// its own, so each is settled on its own: those that were throttled or failed go into another batch.

import { z } from 'zod';
import { invariant, OperationError } from '../errors.js';
import { type GraphAnswer, toGraphAnswer } from './answer.js';
import type { GraphClient } from './client.js';

/** https://learn.microsoft.com/graph/json-batching: at most 20 requests. */
export const BATCH_MAX = 20;

/** How many batches a request may go through while the service fails it; throttled ones do not count. */
const ATTEMPTS_MAX = 8;

const batchAnswer = z.object({
  responses: z.array(
    z.object({
      id: z.union([z.string(), z.number()]).transform(String),
      status: z.number().int(),
      headers: z.record(z.string(), z.union([z.string(), z.number()]).transform(String)).nullish(),
      // Left out where there is none: z.unknown() alone would ask for the key.
      body: z.unknown().optional(),
    }),
  ),
});

/** The answer to one read inside a batch: there is one, or the service refused it for good. */
export type BatchItem = Extract<GraphAnswer, { kind: 'success' | 'refused' }>;

/**
 * Reads up to {@link BATCH_MAX} paths in one request, repeated until each has an answer.
 *
 * @param paths - relative, as `/users/…`.
 * @returns the answers in the order of the paths.
 * @throws {OperationError} what {@link GraphClient.read} throws; `graph-failed` when an item never settles.
 */
export async function readBatch(
  client: GraphClient,
  paths: readonly string[],
): Promise<readonly BatchItem[]> {
  const settled = new Map<number, BatchItem>();
  let outstanding = paths.map((path, index) => ({ path, index, failures: 0 }));
  while (outstanding.length > 0) {
    const answers = await sendBatch(client, outstanding);
    let failures = 0;
    let retryAfterSeconds = 0;
    outstanding = outstanding.flatMap((item) => {
      const answer = answers.get(item.index);
      if (answer?.kind === 'success' || answer?.kind === 'refused') {
        settled.set(item.index, answer);
        return [];
      }
      if (answer?.kind === 'throttled') {
        client.readThrottled(answer.retryAfterSeconds);
        return [item];
      }
      if (item.failures + 1 >= ATTEMPTS_MAX) throw neverSettled(item.path);
      failures = Math.max(failures, item.failures + 1);
      if (answer?.kind === 'failed')
        retryAfterSeconds = Math.max(retryAfterSeconds, answer.retryAfterSeconds ?? 0);
      return [{ ...item, failures: item.failures + 1 }];
    });
    if (failures > 0) await client.pauseAfterFailure(failures, retryAfterSeconds);
  }
  return paths.map((path, index) => {
    const answer = settled.get(index);
    invariant(answer !== undefined, `the batch ended without an answer to ${path}`);
    return answer;
  });
}

async function sendBatch(
  client: GraphClient,
  items: readonly { readonly path: string; readonly index: number }[],
): Promise<ReadonlyMap<number, GraphAnswer>> {
  const answer = await client.readBatch({
    requests: items.map((item) => ({ id: String(item.index), method: 'GET', url: item.path })),
  });
  if (answer.kind === 'refused') {
    throw new OperationError({
      code: 'graph-failed',
      what: `Microsoft Graph refused a batch of reads: HTTP ${answer.status} ${answer.code} ${answer.message}`.trim(),
      data: 'A batch of reads changes nothing.',
      next: 'Run the command again; if it stays so, report it with the log at --log-level debug.',
    });
  }
  const parsed = batchAnswer.safeParse(answer.body);
  const responses = parsed.success ? parsed.data.responses : [];
  return new Map(
    responses.map((item) => {
      const result = {
        kind: 'answer',
        status: item.status,
        headers: lowerCaseNames(item.headers ?? {}),
        body: item.body === undefined || item.body === null ? '' : JSON.stringify(item.body),
      } as const;
      return [Number(item.id), toGraphAnswer(result, answer.clientRequestId, client.wallMs())];
    }),
  );
}

function lowerCaseNames(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lower: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lower[name.toLowerCase()] = value;
  return lower;
}

function neverSettled(path: string): OperationError {
  return new OperationError({
    code: 'graph-failed',
    what: `Microsoft Graph did not answer GET ${path} in ${ATTEMPTS_MAX} batches.`,
    data: 'Reading changes nothing; what was sent before is recorded.',
    next: 'Try again later.',
  });
}
