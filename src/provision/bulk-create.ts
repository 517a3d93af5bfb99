// Creates tokens in chunks by the bulk PATCH (graph-api.md, section 3.1.3), and assigns them in the same request.
// What it answers for a single token is not documented: the list says what came of each. A row that the list does
// not show is handed on in doubt, and attempt.ts settles it and sends it by itself.

import { isoTime } from '../clock.js';
import { backOffMs } from '../graph/back-off.js';
import { type CreateDevices, INVENTORY_PATH } from '../graph/endpoints.js';
import { notSignedIn } from '../graph/failures.js';
import { rowWaitMs } from '../graph/gate.js';
import { findDevicesByBatch } from '../graph/one-device.js';
import type { LedgerAction, SettledRecord } from '../ledger/ledger.js';
import type { AttemptOptions } from './attempt.js';
import { judge, type Outcome } from './outcome.js';
import { createBody, type RowFacts } from './request.js';

export interface BulkOptions extends AttemptOptions {
  /** Tokens in one request at most; 1 sends each by itself. */
  readonly createChunk: number;
  /** Told when a request had its effect that left at this time, on the monotonic clock. */
  readonly succeeded: (sentAtMs: number) => void;
}

interface BulkRow extends RowFacts {
  readonly actions: readonly LedgerAction[];
}

/** Milliseconds before each look at the list; what it does not show then is settled row by row. */
const LOOKS_MS = { accepted: [0, 500, 1_500], lost: [0, 500, 1_500], refused: [0] } as const;

/** So many chunks without any effect, one after the other, and tokens are sent by themselves from then on. */
const FRUITLESS_MAX = 3;

const PAYLOAD_TOO_LARGE = 413;

const UNSEEN = 'the list did not show it after a request for many tokens';

/** What became of a chunk as a whole. `too-large` and `unsent` certainly had no effect. */
type Answered = InDoubt | (Whole & { readonly kind: 'too-large' }) | (Whole & { readonly kind: 'unsent' });

/** Refused ones among them: nobody says that a refusal is of all or nothing. */
type InDoubt = Whole & { readonly kind: keyof typeof LOOKS_MS };

interface Whole {
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly sentAtMs: number;
}

/** Whether a row may go into a chunk: nothing of it was sent yet, and its token replaces no other. */
export function isForBulk({ token, replacedId, actions: [first] }: BulkRow): boolean {
  const isNew = first?.kind === 'create' && first.state === 'pending' && first.clientRequestId === '';
  return isNew && token !== undefined && replacedId === undefined;
}

export class BulkCreation {
  readonly #options: BulkOptions;
  #size: number;
  #isProven = false;
  #fruitless = 0;
  /** The chunk that is under way before any was accepted: the others wait for what it meets. */
  #probe: Promise<void> | undefined;

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#size = options.createChunk;
  }

  /** Rows to gather for the next chunk. */
  get size(): number {
    return this.#size;
  }

  /**
   * Creates the tokens of these rows, in one chunk or, when the service refuses it, in halves of it.
   *
   * @returns the rows, with their actions as far as they have come; those that are left go by themselves.
   * @throws {Stopped} when the run was stopped; the ledger holds what is known.
   * @throws {OperationError} when the run cannot go on.
   */
  async create<Row extends BulkRow>(rows: readonly Row[]): Promise<readonly Row[]> {
    const left = [...rows];
    const carried: Row[] = [];
    let most = rows.length;
    // Whether a refused chunk may have had an effect that the list did not show yet.
    let inDoubt = false;
    let isComplete = true;
    while (left.length > 0) {
      while (this.#probe !== undefined) await this.#probe;
      const chunk = left.splice(0, Math.min(most, this.#size));
      const answered = chunk.length > 1 ? await this.#probing(chunk) : undefined;
      if (answered === undefined || answered.kind === 'unsent') {
        carried.push(...(inDoubt ? chunk.map((row) => doubted(row, '')) : chunk));
        continue;
      }
      const half = Math.floor(chunk.length / 2);
      if (answered.kind === 'too-large') {
        most = half;
        left.unshift(...chunk);
        continue;
      }
      const { found, missing } = await this.#look(chunk, answered);
      carried.push(...found);
      const isHalvedAgain = answered.kind === 'refused' && half > 1;
      this.#tell(answered, found.length > 0, isHalvedAgain);
      if (answered.kind === 'refused') {
        inDoubt = true;
        most = half;
        await this.#forEach(missing, { outcome: 'transient', state: 'pending', ...said(answered) });
        left.unshift(...missing);
      } else {
        // Nobody has counted it as their attempt: whoever finds its effect does, as after a lost answer.
        const doubt = { ...said(answered), outcome: 'ambiguous', state: 'sent', reason: '' } as const;
        await this.#forEach(missing, doubt);
        isComplete = isComplete && missing.length === 0;
        carried.push(...missing.map((row) => doubted(row, answered.requestId)));
      }
    }
    // Nothing was wrong with any of the rows: it was their number that was refused.
    if (inDoubt && isComplete && most > 1) this.#size = Math.min(this.#size, most);
    return carried;
  }

  #probing(chunk: readonly BulkRow[]): Promise<Answered> {
    const sent = this.#send(chunk).then((answered) => {
      if (answered.kind === 'accepted') this.#isProven = true;
      if (answered.kind === 'too-large') this.#size = Math.min(this.#size, Math.floor(chunk.length / 2));
      if (answered.kind === 'unsent') this.#size = 1;
      return answered;
    });
    if (this.#isProven) return sent;
    const ended = (): void => {
      this.#probe = undefined;
    };
    this.#probe = sent.then(ended, ended);
    return sent;
  }

  /** Tells the run, and gives chunks up when one after the other has no effect. */
  #tell({ outcome, sentAtMs }: Whole, hasEffect: boolean, isHalvedAgain: boolean): void {
    if (hasEffect) {
      this.#fruitless = 0;
      this.#options.observe({ kind: 'done', status: outcome.status, reason: '', detail: '' });
      this.#options.succeeded(sentAtMs);
      return;
    }
    // A success that shows nothing is no success: what the single requests meet is.
    if (outcome.kind !== 'done') this.#options.observe(outcome);
    if (isHalvedAgain) return;
    this.#fruitless += 1;
    if (this.#fruitless >= FRUITLESS_MAX && !this.#isProven) this.#size = 1;
  }

  /** Sends a chunk until there is an answer to it, or it is in doubt. */
  async #send(chunk: readonly BulkRow[]): Promise<Answered> {
    const { client, ledger, clock, random, runId, attemptsMax, observe } = this.#options;
    for (let failures = 0; ; ) {
      let sentAtMs = 0;
      const answer = await client.write({
        method: 'PATCH',
        path: INVENTORY_PATH,
        body: () => bodyOf(chunk),
        beforeSending: async (clientRequestId) => {
          const at = isoTime(clock.wallMs());
          const intents = chunk.flatMap((row) => stepsOf(row).map(({ step }) => ({ n: row.n, step })));
          await Promise.all(intents.map((intent) => ledger.sent({ runId, ...intent, at, clientRequestId })));
          sentAtMs = clock.monotonicMs();
        },
      });
      const outcome = judge(answer);
      const answered = { outcome, requestId: answer.requestId, sentAtMs };
      const unsent = { outcome: 'transient', state: 'pending', ...said(answered) } as const;
      switch (outcome.kind) {
        case 'done':
          return { ...answered, kind: 'accepted' };
        case 'ambiguous':
          return { ...answered, kind: 'lost' };
        case 'refused':
          if (outcome.status !== PAYLOAD_TOO_LARGE) return { ...answered, kind: 'refused' };
          await this.#forEach(chunk, unsent);
          return { ...answered, kind: 'too-large' };
        case 'throttled':
          observe(outcome);
          await this.#forEach(chunk, { ...unsent, outcome: 'throttled' });
          await client.pause(rowWaitMs(outcome.retryAfterSeconds));
          continue;
        case 'unauthenticated':
          await this.#forEach(chunk, unsent);
          throw notSignedIn(outcome.detail);
        case 'forbidden':
          // Whether the rows or the permission are to blame is found out by single requests.
          await this.#forEach(chunk, unsent);
          return { ...answered, kind: 'unsent' };
        case 'transient':
          // There is no chunk of tokens that could be "not found": the service does not know this request.
          if (outcome.status === 404) return { ...answered, kind: 'refused' };
          observe(outcome);
          await this.#forEach(chunk, unsent);
          failures += 1;
          if (failures >= attemptsMax) return { ...answered, kind: 'unsent' };
          await client.pause(backOffMs(failures, random.next(), outcome.retryAfterSeconds));
      }
    }
  }

  /** Finds out by the list what of a chunk is there. */
  async #look<Row extends BulkRow>(
    chunk: readonly Row[],
    answered: InDoubt,
  ): Promise<{ readonly found: readonly Row[]; readonly missing: readonly Row[] }> {
    const { client } = this.#options;
    const found: Row[] = [];
    let missing = chunk;
    for (const waitMs of LOOKS_MS[answered.kind]) {
      if (missing.length === 0) break;
      await client.pause(waitMs);
      const devices = await findDevicesByBatch(
        client,
        missing.map(({ serialNumber }) => serialNumber),
      );
      const shown = missing.map((row, index) => ({ row, device: devices[index] }));
      missing = shown.filter(({ device }) => device === undefined).map(({ row }) => row);
      await Promise.all(
        shown.map(async ({ row, device }) => {
          if (device === undefined) return;
          const isAssigned = device.assignedToId === row.userId;
          found.push(await this.#created(row, device.id, isAssigned, answered));
        }),
      );
    }
    return { found, missing };
  }

  /** Records that the list shows a row's token, and its holder where it does. */
  async #created<Row extends BulkRow>(
    row: Row,
    deviceId: string,
    isAssigned: boolean,
    answered: Whole,
  ): Promise<Row> {
    const { requestId } = answered;
    const { status } = answered.outcome;
    const done: readonly LedgerAction[] = stepsOf(row).filter(({ kind }) => kind === 'create' || isAssigned);
    const settled = { outcome: 'done', state: 'done', deviceId, requestId, status, counts: true } as const;
    await Promise.all(done.map(({ step }) => this.#record(row, step, settled)));
    const actions = doubted(row, requestId).actions.map((action): LedgerAction => {
      return done.some(({ step }) => step === action.step) ? { ...action, state: 'done', deviceId } : action;
    });
    return { ...row, actions };
  }

  async #forEach(rows: readonly BulkRow[], settled: Settled): Promise<void> {
    await Promise.all(
      rows.flatMap((row) => stepsOf(row).map(({ step }) => this.#record(row, step, settled))),
    );
  }

  #record({ n }: BulkRow, step: number, settled: Settled): Promise<void> {
    const { ledger, runId, clock } = this.#options;
    return ledger.settled({
      ...{ runId, n, step, at: isoTime(clock.wallMs()), deviceId: '' },
      // A chunk says nothing of its rows until the list shows them: it counts as no attempt before.
      ...{ status: 0, requestId: '', reason: '', detail: '', counts: false },
      ...settled,
    });
  }
}

type Settled = Pick<SettledRecord, 'outcome' | 'state'> & Partial<SettledRecord>;

function said({ outcome, requestId }: Pick<Whole, 'outcome' | 'requestId'>): Partial<SettledRecord> {
  const { status, reason, detail } = outcome;
  return { status, requestId, reason, detail };
}

/** The steps that a chunk carries out: the creation, and the assignment of the row's own token to its own user. */
function stepsOf({ actions: [create, next] }: BulkRow): readonly LedgerAction[] {
  if (create === undefined) return [];
  const isOwn = next?.kind === 'assign' && next.state === 'pending' && next.target === undefined;
  return isOwn ? [create, next] : [create];
}

/** The row as after a lost answer: what was sent of it has to be looked for before it is sent again. */
function doubted<Row extends BulkRow>(row: Row, requestId: string): Row {
  const steps = stepsOf(row);
  const actions = row.actions.map(
    (action): LedgerAction =>
      steps.includes(action) ? { ...action, state: 'sent', reason: '', detail: UNSEEN, requestId } : action,
  );
  return { ...row, actions };
}

function bodyOf(chunk: readonly BulkRow[]): CreateDevices {
  const value = chunk.map((row, index) => ({
    '@contentId': String(index + 1),
    ...createBody(row),
    ...(stepsOf(row).length > 1 ? { assignTo: { id: row.userId } } : {}),
  }));
  return { '@context': '#$delta', value };
}
