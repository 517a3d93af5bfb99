// The clients that a script would be made of, each from its published package with the settings it comes with.
// They know nothing of the service but its answers, and the rate where they need one: the documented one.

import { RetryHandler } from '@microsoft/microsoft-graph-client';
import { AdaptiveRetryStrategy } from '@smithy/util-retry';
import Bottleneck from 'bottleneck';
import pLimit from 'p-limit';

export interface Answer {
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;
}

/** Sends one request. */
export type Send = (row: number) => Promise<Answer>;

/** Waits on whatever clock is in force. */
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sends a row until it is accepted or given up, and answers which. */
type SendRow = (row: number) => Promise<boolean>;

export interface Peer {
  readonly name: string;
  readonly concurrency: number;
  /** @param rate - what is documented, requests a second. */
  readonly start: (send: Send, rate: number) => SendRow;
}

class Refused extends Error {
  constructor(readonly waitMs: number) {
    super('429');
  }
}

/** Where no wait is told, a second. */
const waitMsOf = ({ retryAfterSeconds = 1 }: Answer): number => retryAfterSeconds * 1_000;

/** Microsoft's own middleware, between a row and the service: three retries, as it comes. */
function graphClient(send: Send): SendRow {
  return async (row) => {
    const handler = new RetryHandler();
    handler.setNext({
      execute: async (context) => {
        const { status, retryAfterSeconds } = await send(row);
        const headers = retryAfterSeconds === undefined ? {} : { 'Retry-After': String(retryAfterSeconds) };
        context.response = new Response(null, { status, headers });
      },
    });
    const context: Parameters<RetryHandler['execute']>[0] = {
      request: 'http://127.0.0.1/assign',
      options: { method: 'POST', headers: {} },
    };
    await handler.execute(context);
    return context.response?.ok === true;
  };
}

type Token = Awaited<ReturnType<AdaptiveRetryStrategy['acquireInitialRetryToken']>>;

/** What the AWS SDK calls of its strategy. */
interface Strategy {
  acquireInitialRetryToken(scope: string): Promise<Token>;
  refreshRetryTokenForRetry(
    token: Token,
    refusal: { errorType: 'THROTTLING'; retryAfterHint?: Date },
  ): Promise<Token>;
  recordSuccess(token: Token): void;
}

/** The AWS SDK's adaptive mode: one strategy for all rows, three attempts. */
function smithyAdaptive(send: Send): SendRow {
  const strategy: Strategy = new AdaptiveRetryStrategy(3);
  return async (row) => {
    let token = await strategy.acquireInitialRetryToken('assign');
    for (;;) {
      const answer = await send(row);
      if (answer.status !== 429) {
        strategy.recordSuccess(token);
        return true;
      }
      const { retryAfterSeconds } = answer;
      const hint =
        retryAfterSeconds === undefined
          ? {}
          : { retryAfterHint: new Date(Date.now() + retryAfterSeconds * 1_000) };
      try {
        token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'THROTTLING', ...hint });
      } catch {
        return false;
      }
    }
  };
}

/** Bottleneck with the documented rate, and its own way to retry. */
function bottleneckAlone(send: Send, rate: number): SendRow {
  const limiter = new Bottleneck({ minTime: 1_000 / rate, maxConcurrent: 16 });
  limiter.on('failed', (error: unknown) => (error instanceof Refused ? error.waitMs : undefined));
  return (row) =>
    limiter.schedule(async () => {
      const answer = await send(row);
      if (answer.status === 429) throw new Refused(waitMsOf(answer));
      return true;
    });
}

/** Each row sleeps as long as told, and tries again for ever. */
function sleepAsTold(send: Send): SendRow {
  return async (row) => {
    for (;;) {
      const answer = await send(row);
      if (answer.status !== 429) return true;
      await wait(waitMsOf(answer));
    }
  };
}

/** TCP's rule on the rate: a request a second more each second, half on a refusal. There is no package of it. */
function aimd(send: Send, startRate: number): SendRow {
  let [rate, nextMs, halvedAtMs] = [startRate, 0, 0];
  return async (row) => {
    for (;;) {
      nextMs = Math.max(nextMs, Date.now()) + 1_000 / rate;
      const sentAtMs = nextMs;
      if (nextMs > Date.now()) await wait(nextMs - Date.now());
      const answer = await send(row);
      if (answer.status !== 429) {
        rate += 1 / rate;
        return true;
      }
      // One congestion halves once, however many were under way.
      if (sentAtMs > halvedAtMs) {
        rate = Math.max(0.5, rate / 2);
        halvedAtMs = Date.now();
      }
      await wait(waitMsOf(answer));
    }
  };
}

export const PEERS: readonly Peer[] = [
  { name: 'Graph client, 3 retries, 16 at once', concurrency: 16, start: graphClient },
  { name: 'Graph client, 3 retries, 50 at once', concurrency: 50, start: graphClient },
  { name: '@smithy/util-retry adaptive, 16 at once', concurrency: 16, start: smithyAdaptive },
  { name: 'Bottleneck at the documented rate', concurrency: 64, start: bottleneckAlone },
  { name: 'p-limit(16) and Retry-After', concurrency: 16, start: sleepAsTold },
  { name: 'p-limit(50) and Retry-After', concurrency: 50, start: sleepAsTold },
  { name: 'AIMD on the rate, 16 at once', concurrency: 16, start: aimd },
];

/** Sends all rows through a peer, and answers how many it gave up. */
export async function sendAll(peer: Peer, rows: number, send: Send, rate: number): Promise<number> {
  const sendRow = peer.start(send, rate);
  const limit = pLimit(peer.concurrency);
  let failed = 0;
  const next = async (row: number): Promise<void> => {
    if (!(await sendRow(row))) failed += 1;
  };
  await limit.map(
    Array.from({ length: rows }, (_, row) => row),
    next,
  );
  return failed;
}
