// The comparison over real sockets: the product's own emulator in a process of its own, oathbatch's own client
// (Graph client, limiter, pacer, undici) and the peers from their packages, one after the other. Time is three
// times as fast as in worlds.ts, so that it ends within minutes; Retry-After is not, because nobody waits for
// less than a second.

import { type ChildProcess, fork } from 'node:child_process';
import { setMaxListeners } from 'node:events';
import { performance } from 'node:perf_hooks';
import pLimit from 'p-limit';
import { systemClock } from '../../src/clock.js';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import { GraphClient } from '../../src/graph/client.js';
import { fixedToken } from '../../src/graph/credential.js';
import { rowWaitMs } from '../../src/graph/gate.js';
import { createHttpTransport } from '../../src/graph/http.js';
import { Limiter } from '../../src/graph/limiter.js';
import { Pacer } from '../../src/graph/pacer.js';
import { AUTO, type PacerSettings } from '../../src/graph/pacer-settings.js';
import { parseRetryAfter } from '../../src/graph/retry-after.js';
import type { Transport } from '../../src/graph/transport.js';
import { silentLog } from '../../src/log.js';
import { systemRandom } from '../../src/random.js';
import { type Answer, PEERS, sendAll } from './peers.js';
import { type Cell, tableOf, thousands } from './table.js';

const ROWS = 600;
const RATE = 60;
const [LARGE, SMALL] = [180, 20];
const IN_FLIGHT = 16;
const HANDS = 4 * IN_FLIGHT;

/** Who takes more times the bound never ends. */
const PATIENCE = 6;

interface RealWorld {
  readonly name: string;
  readonly burst: number;
  readonly throttle: EmulatorSettingsInput['throttle'];
}

const bucket = (burst: number): { kind: 'token-bucket'; rate: number; burst: number } => ({
  kind: 'token-bucket',
  rate: RATE,
  burst,
});

const REAL_WORLDS: readonly RealWorld[] = [
  { name: 'A', burst: LARGE, throttle: { writes: bucket(LARGE) } },
  { name: 'C', burst: SMALL, throttle: { writes: bucket(SMALL) } },
  { name: 'G', burst: LARGE, throttle: { writes: bucket(LARGE), costOfRejection: 1 } },
  { name: 'M', burst: LARGE, throttle: { writes: bucket(LARGE), retryAfter: 'decimal' } },
];

/** Sends all rows, and answers how many were refused and how many given up. */
type Run = (url: string, rows: number, deadlineMs: number) => Promise<{ refused: number; failed: number }>;

interface RealClient {
  readonly name: string;
  readonly run: Run;
}

class TooLong extends Error {}

/** The ids of bench/world.mjs, of which bench/emulator.mjs makes its tenant. */
const digits = (row: number): string => String(row).padStart(12, '0');
const userIdOf = (row: number): string => `00000000-0000-4000-8000-${digits(row)}`;
const deviceIdOf = (row: number): string => `11111111-0000-4000-9000-${digits(row)}`;

const pathOf = (row: number): string => `/users/${userIdOf(row)}/authentication/hardwareOathMethods`;
const bodyOf = (row: number): unknown => ({ device: { id: deviceIdOf(row) } });

function ours(name: string, settings: PacerSettings): RealClient {
  return {
    name: `**oathbatch**, ${name}`,
    run: async (baseUrl, rows, deadlineMs) => {
      const clock = systemClock;
      const halt = new AbortController();
      setMaxListeners(0, halt.signal);
      const transport = createHttpTransport();
      const limiter = (pacer: Pacer): Limiter => new Limiter({ pacer, concurrency: IN_FLIGHT, clock });
      const writes = limiter(new Pacer(settings));
      const client = new GraphClient({
        ...{
          baseUrl,
          transport,
          tokens: fixedToken('real'),
          writes,
          reads: limiter(new Pacer({ burst: 1 })),
        },
        ...{ clock, random: systemRandom, log: silentLog, signal: halt.signal },
      });
      const sendRow = async (row: number): Promise<void> => {
        for (;;) {
          if (clock.monotonicMs() > deadlineMs) throw new TooLong();
          const answer = await client.write({
            method: 'POST',
            path: pathOf(row),
            body: () => bodyOf(row),
            beforeSending: () => Promise.resolve(),
          });
          if (answer.kind === 'success') return;
          if (answer.kind !== 'throttled') throw new Error(`the emulator answered ${JSON.stringify(answer)}`);
          await clock.sleep(rowWaitMs(answer.retryAfterSeconds), halt.signal);
        }
      };
      try {
        await pLimit(HANDS).map(
          Array.from({ length: rows }, (_, row) => row),
          sendRow,
        );
        return { refused: writes.view().throttled, failed: 0 };
      } finally {
        halt.abort();
        await transport.close();
      }
    },
  };
}

async function post(transport: Transport, url: string, row: number): Promise<Answer> {
  const result = await transport.send({
    method: 'POST',
    url: `${url}${pathOf(row)}`,
    headers: { authorization: 'Bearer real', 'content-type': 'application/json' },
    body: JSON.stringify(bodyOf(row)),
  });
  if (result.kind !== 'answer') throw new Error(`the emulator did not answer: ${result.reason}`);
  if (result.status !== 429 && result.status !== 201) throw new Error(`${result.status}: ${result.body}`);
  const told = parseRetryAfter(result.headers['retry-after'], systemClock.wallMs());
  return { status: result.status, retryAfterSeconds: told };
}

const CLIENTS: readonly RealClient[] = [
  ours('documented', { rate: RATE, burst: LARGE, likely: RATE }),
  ours('auto', { ...AUTO, likely: RATE }),
  ...PEERS.map((peer) => ({
    name: peer.name,
    run: async (url: string, rows: number, deadlineMs: number) => {
      const transport = createHttpTransport();
      let refused = 0;
      const send = async (row: number): Promise<Answer> => {
        if (performance.now() > deadlineMs) throw new TooLong();
        const answer = await post(transport, url, row);
        if (answer.status === 429) refused += 1;
        return answer;
      };
      try {
        return { failed: await sendAll(peer, rows, send, RATE), refused };
      } finally {
        await transport.close();
      }
    },
  })),
];

async function withEmulator<T>(
  rows: number,
  throttle: EmulatorSettingsInput['throttle'],
  use: (url: string) => Promise<T>,
): Promise<T> {
  const settings: EmulatorSettingsInput = {
    ...(throttle === undefined ? {} : { throttle }),
    latency: { p5: '27ms', p95: '133ms' },
    accessLogLimit: 0,
  };
  const child: ChildProcess = fork('bench/emulator.mjs', [String(rows), JSON.stringify(settings)]);
  try {
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message: { readonly url: string }) => resolve(message.url));
      child.once('exit', () => reject(new Error('the emulator has ended')));
    });
    return await use(url);
  } finally {
    child.kill();
  }
}

async function measure(client: RealClient, world: RealWorld, rows: number): Promise<Cell> {
  const boundMs = ((rows - world.burst) / RATE) * 1_000;
  const of = { world: world.name, client: client.name };
  return withEmulator(rows, world.throttle, async (url) => {
    const startMs = performance.now();
    try {
      const { refused, failed } = await client.run(url, rows, startMs + PATIENCE * boundMs);
      return { ...of, ratio: (performance.now() - startMs) / boundMs, refused, failed };
    } catch (error) {
      if (!(error instanceof TooLong)) throw error;
      return { ...of, ratio: undefined, refused: 0, failed: 0 };
    }
  });
}

/** Plays them all, and answers with the table. */
export async function compareOverSockets(rows = ROWS, commit: string): Promise<string> {
  const cells: Cell[] = [];
  for (const client of CLIENTS) {
    for (const world of REAL_WORLDS) {
      cells.push(await measure(client, world, rows));
      process.stderr.write(`  ${client.name}, ${world.name}\n`);
    }
  }
  const table = tableOf(
    cells,
    CLIENTS.map(({ name }) => name),
    REAL_WORLDS.map(({ name }) => name),
  );
  return `${thousands(rows)} rows over HTTP, ${RATE}/s with bursts of ${LARGE} and ${SMALL}, answers in 27 to 133 ms, once each (\`npm run bench:throttle -- --real\`, at ${commit}).\n\n${table}`;
}
