// A way to a Microsoft Graph, opened for one command: which endpoint, who signs in, how fast.

import { setMaxListeners } from 'node:events';
import { CLOUDS, GRAPH_VERSION } from '../clouds.js';
import { invariant, OperationError } from '../errors.js';
import { GraphClient } from '../graph/client.js';
import { HttpThread } from '../graph/http-thread.js';
import { Limiter } from '../graph/limiter.js';
import { Pacer } from '../graph/pacer.js';
import { WatchedTransport } from '../graph/service-clock.js';
import { claimsOf, type TokenClaims } from '../graph/token-claims.js';
import { grantsOf, type TokenGrants } from '../graph/token-grants.js';
import { type GraphTarget, graphTarget, isGraphUrl } from '../job/graph-target.js';
import type { Job } from '../job/job.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Desired } from '../manifest/row.js';
import type { Context } from './common.js';
import { maySpendMemory } from './heap.js';
import type { Rehearsal } from './rehearsal.js';
import { openSignIn } from './sign-in.js';
import { writePace } from './write-pace.js';

export interface Session {
  /** What the reports call the endpoint; the port of a rehearsal is left out, because it changes. */
  readonly label: string;
  readonly client: GraphClient;
  readonly writes: Limiter;
  /** Rows that are carried out at the same time. */
  readonly rowsInHand: number;
  /** Aborting it lets no further request leave. */
  readonly halt: AbortController;
  /**
   * Who signed in, for the record.
   *
   * @throws {OperationError} when signing in fails.
   */
  signedIn(): Promise<SignedIn>;
  /** What the token allows; `undefined` when it does not say. @throws {OperationError} as {@link signedIn}. */
  grants(): Promise<TokenGrants | undefined>;
  /** How far the service's clock is ahead of ours, in milliseconds; `undefined` before the first answer. */
  clockOffsetMs(): number | undefined;
  close(): Promise<void>;
}

/** How a command signed in, and as whom the access token says. */
export type SignedIn = TokenClaims & { readonly credential: string };

/** Reads in flight at once. They have a quota of their own, far above that of the writes. */
const READ_CONCURRENCY = 8;

/** Rows in hand for each write in flight: some wait for the disk, a pause of their own, or a read. */
const ROWS_PER_REQUEST = 4;

/**
 * The same where nobody throttles: a flush takes longer than a request on the same network does, and the intents of
 * those that come together share one.
 */
const ROWS_PER_REQUEST_UNLIMITED = 8;

/**
 * Requests that the thread is given for each in flight: it has another at hand when one has ended. No more, because the
 * body of each is made by then, and a one-time code in it ages.
 */
const READY_PER_REQUEST = 2;

/** Which Graph a command talks to: what `--graph` says, or the job. */
export function targetOf(job: Job, context: Context): GraphTarget {
  const { graph } = context.options;
  if (graph === undefined) return job.graph;
  if (isGraphUrl(graph) || graph === 'emulator' || Object.hasOwn(CLOUDS, graph)) return graphTarget(graph);
  throw new OperationError({
    code: 'command-unusable',
    what: `--graph ${graph} is neither an https URL, nor an http URL on this computer, nor the name of a cloud.`,
    data: 'Nothing was sent.',
    next: 'Give the endpoint with its version, as --graph http://127.0.0.1:8080/beta',
  });
}

export function labelOf(target: GraphTarget): string {
  switch (target.kind) {
    case 'emulator':
      return 'emulator';
    case 'cloud':
      return target.cloud;
    case 'url':
      return target.url;
  }
}

/**
 * Opens the way to the job's Graph. Close it, or the process does not end.
 *
 * @param desired - what the files ask for; left out while they are read, by those who write nothing.
 * @param ledger - where an earlier run of the job may have left the rate that it learned; for those who write.
 * @throws {OperationError} `cloud-not-offered`, `credential-missing`, `key-unusable`, `command-unusable`.
 */
export async function openSession(
  job: Job,
  desired: Desired | undefined,
  context: Context,
  ledger?: Pick<Ledger, 'learnedRate'>,
): Promise<Session> {
  const target = targetOf(job, context);
  const { clock, random, log } = context;
  if (target.kind === 'cloud') refuseWhereNotOffered(target.cloud);
  if (target.kind === 'cloud') refuseUnlimited(job);
  const { transport: connection, way, tokens, kind } = await openSignIn(job, target, context);
  const { concurrency, rate } = job.throttle;
  const isUnlimited = rate === 'unlimited';
  const rowsInHand = concurrency * (isUnlimited ? ROWS_PER_REQUEST_UNLIMITED : ROWS_PER_REQUEST);
  const thread =
    desired !== undefined && maySpendMemory({ isUnlimited, rows: desired.rows.length })
      ? new HttpThread({ ...way, connections: concurrency })
      : undefined;
  const transport = new WatchedTransport(connection, clock);
  const rehearsal = target.kind === 'emulator' ? await rehearse(job, desired, context) : undefined;
  const remembered = await ledger?.learnedRate(job.name, labelOf(target));
  const halt = new AbortController();
  // Whoever sleeps until the gate opens listens; how many that may be, the limiters bound.
  setMaxListeners(0, halt.signal);
  const writes = new Limiter({
    pacer: new Pacer(writePace(job.throttle, remembered)),
    concurrency,
    clock,
    isUnlimited,
    intents: rowsInHand,
    ...(thread === undefined ? {} : { handedOver: concurrency * READY_PER_REQUEST }),
  });
  const reads = new Limiter({
    pacer: new Pacer({ burst: READ_CONCURRENCY }),
    concurrency: READ_CONCURRENCY,
    clock,
    // The pacer holds them once the service throttles; a queue that lets 400 a second through would hold them always.
    isUnlimited: true,
  });
  const client = new GraphClient({
    baseUrl: rehearsal?.url ?? endpointOf(target),
    transport,
    ...(thread === undefined ? {} : { writeTransport: thread }),
    tokens,
    writes,
    reads,
    clock,
    random,
    log,
    signal: halt.signal,
  });
  return {
    label: labelOf(target),
    client,
    writes,
    rowsInHand,
    halt,
    signedIn: async () => {
      const token = await tokens.token();
      return { credential: kind, ...claimsOf(token) };
    },
    grants: async () => grantsOf(await tokens.token()),
    clockOffsetMs: () => transport.clockOffsetMs(),
    close: async () => {
      // What still waits after a failure elsewhere must not go on against a closed connection.
      halt.abort();
      await Promise.all([connection.close(), thread?.close()]);
      await rehearsal?.close();
    },
  };
}

/** The rehearsal Graph is as large as the rest of the program: it is loaded when it is needed. */
async function rehearse(
  job: Job,
  desired: Desired | undefined,
  { options, clock }: Context,
): Promise<Rehearsal> {
  invariant(desired !== undefined, 'a rehearsal is made from the files');
  const { startRehearsal } = await import('./rehearsal.js');
  return startRehearsal(job, desired, options.state, clock);
}

function endpointOf(target: GraphTarget): string {
  if (target.kind === 'cloud') return `${CLOUDS[target.cloud].graphRoot}/${GRAPH_VERSION}`;
  return target.kind === 'url' ? target.url : '';
}

function refuseWhereNotOffered(name: keyof typeof CLOUDS): void {
  const cloud = CLOUDS[name];
  if (cloud.offersHardwareOath) return;
  throw new OperationError({
    code: 'cloud-not-offered',
    what: `Microsoft Graph does not offer hardware OATH tokens in ${cloud.name}.`,
    data: 'Nothing was sent.',
    next: 'In that cloud tokens are uploaded as CSV in the admin center. If Microsoft has opened the API there since, give its address with --graph.',
  });
}

function refuseUnlimited(job: Job): void {
  if (job.throttle.rate !== 'unlimited') return;
  throw new OperationError({
    code: 'command-unusable',
    what: 'throttle.rate: unlimited is for a rehearsal or a service on this computer; Microsoft Graph throttles.',
    data: 'Nothing was sent.',
    next: 'Leave throttle.rate out of the job file, or give: --set throttle.rate=documented',
  });
}
