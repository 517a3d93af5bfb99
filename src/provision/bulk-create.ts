// Creates tokens in chunks by the bulk PATCH (graph-api.md, section 3.1.3), and assigns them in the same request.
// What it answers for a single token is not documented: the list says what came of each. A row that the list does
// not show is handed on in doubt, and attempt.ts settles it and sends it by itself.

import { isoTime } from '../clock.js';
import { findDevicesByBatch } from '../graph/one-device.js';
import type { AttemptOptions } from './attempt.js';
import { type ChunkRow, doubted, seen } from './chunk.js';
import { failuresIn } from './chunk-failures.js';
import { ChunkSize } from './chunk-size.js';
import { type Answered, recordRows, said, sendChunk } from './send-chunk.js';

export interface BulkOptions extends AttemptOptions {
  /** Tokens in one request at most; 1 sends each by itself. */
  readonly createChunk: number;
  /** Told when a request had its effect that left at this time, on the monotonic clock. */
  readonly succeeded: (sentAtMs: number) => void;
}

/**
 * Milliseconds before each look at the list; what it does not show then is settled row by row. What was accepted is
 * there most likely, and a list may lag by seconds (graph-api.md, section 7): it is not sent again before that.
 */
const LOOKS_MS = {
  accepted: [0, 500, 1_500, 3_000, 5_000, 10_000, 20_000, 20_000],
  lost: [0, 500, 1_500, 3_000],
  refused: [0, 500],
} as const;

const UNSEEN = 'the list did not show it after a request for many tokens';

/** Any of the rows may have had its effect. */
type Uncertain = Answered & { readonly kind: keyof typeof LOOKS_MS };

/** A row that the list does not show. */
interface Missing<Row> {
  readonly row: Row;
  /** What is known of the reason. */
  readonly detail: string;
  /** Whether the answer names it as failed. */
  readonly isNamed: boolean;
}

/** Carries a row on from where it is. It never rejects. */
type Carry<Row> = (row: Row) => Promise<void>;

export class BulkCreation {
  readonly #options: BulkOptions;
  readonly #size: ChunkSize;
  /** The chunk that is under way before any was accepted: the others wait for what it meets. */
  #probe: Promise<void> | undefined;

  constructor(options: BulkOptions) {
    this.#options = options;
    this.#size = new ChunkSize(options.createChunk);
  }

  /** Rows to gather for the next chunk. */
  get size(): number {
    return this.#size.most;
  }

  /**
   * Creates the tokens of these rows, in one chunk or, when the service refuses it, in halves of it, and has each row
   * carried on as soon as it is known how far it has come.
   *
   * @returns when all rows were carried to their end.
   * @throws {Stopped} when the run was stopped; the ledger holds what is known.
   * @throws {OperationError} when the run cannot go on.
   */
  async create<Row extends ChunkRow>(rows: readonly Row[], carry: Carry<Row>): Promise<void> {
    const left = [...rows];
    const carried: Promise<void>[] = [];
    const carryOn = (row: Row): void => void carried.push(carry(row));
    try {
      await this.#createAll(left, carryOn);
    } finally {
      await Promise.all(carried);
    }
  }

  async #createAll<Row extends ChunkRow>(left: Row[], carryOn: (row: Row) => void): Promise<void> {
    let most = left.length;
    // Whether a chunk of these rows that was refused may have had an effect that the list did not show yet.
    let inDoubt = false;
    let isComplete = true;
    while (left.length > 0) {
      while (left.length > 1 && this.#probe !== undefined) await this.#probe;
      const chunk = left.splice(0, Math.max(1, Math.min(most, this.#size.most)));
      const answered = chunk.length > 1 ? await this.#send(chunk, inDoubt) : undefined;
      const half = Math.floor(chunk.length / 2);
      switch (answered?.kind) {
        case undefined:
        case 'unknown':
        case 'unsent':
          for (const row of chunk) carryOn(inDoubt ? doubted(row, '', UNSEEN) : row);
          break;
        case 'too-large':
          most = half;
          left.unshift(...chunk);
          break;
        case 'accepted':
        case 'lost':
        case 'refused': {
          const uncertain = { ...answered, kind: answered.kind };
          const missing = await this.#look(chunk, uncertain, carryOn);
          this.#tell(uncertain, missing.length < chunk.length, half);
          if (uncertain.kind === 'refused') {
            inDoubt = true;
            most = half;
            left.unshift(...missing.map(({ row }) => row));
            break;
          }
          isComplete = isComplete && missing.length === 0;
          for (const { row, detail } of missing) carryOn(doubted(row, uncertain.requestId, detail));
        }
      }
    }
    // Nothing was wrong with any of the rows: it was their number that was refused.
    if (inDoubt && isComplete && most > 1) this.#size.atMost(most);
  }

  #send(chunk: readonly ChunkRow[], inDoubt: boolean): Promise<Answered> {
    const sent = sendChunk(chunk, inDoubt, this.#options).then((answered) => {
      if (answered.kind === 'accepted') this.#size.accepted();
      if (answered.kind === 'too-large') this.#size.atMost(Math.floor(chunk.length / 2));
      if (answered.kind === 'unknown') this.#size.giveUp();
      if (answered.kind === 'unsent') this.#size.hadNoEffect(true);
      return answered;
    });
    if (!this.#size.isProven) {
      const ended = (): void => {
        this.#probe = undefined;
      };
      this.#probe = sent.then(ended, ended);
    }
    return sent;
  }

  /** Tells the run, and the size, whether a chunk had an effect. */
  #tell({ kind, outcome, sentAtMs }: Uncertain, hasEffect: boolean, half: number): void {
    if (hasEffect) {
      this.#size.hadEffect();
      this.#options.observe({ kind: 'done', status: outcome.status, reason: '', detail: '' });
      this.#options.succeeded(sentAtMs);
      return;
    }
    // A success that shows nothing is no success: what the single requests meet is.
    if (outcome.kind !== 'done') this.#options.observe(outcome);
    const isHalvedAgain = kind === 'refused' && half > 1;
    if (!isHalvedAgain) this.#size.hadNoEffect(kind !== 'lost');
  }

  /**
   * Finds out by the list what of a chunk is there, and carries on what is. Rows that the answer names as failed are
   * not waited for.
   *
   * @returns the rows that the list does not show, each in doubt in the ledger, and what is known of the reason.
   */
  async #look<Row extends ChunkRow>(
    chunk: readonly Row[],
    answered: Uncertain,
    carryOn: (row: Row) => void,
  ): Promise<readonly Missing<Row>[]> {
    const { client } = this.#options;
    const serials = chunk.map(({ serialNumber }) => serialNumber);
    const failures = failuresIn(answered.body, serials);
    let missing: readonly Missing<Row>[] = chunk.map((row, index) => {
      const failure = failures.get(index);
      return { row, detail: failure ?? UNSEEN, isNamed: failure !== undefined };
    });
    for (const [look, waitMs] of LOOKS_MS[answered.kind].entries()) {
      if (look > 0 && missing.every(({ isNamed }) => isNamed)) break;
      await client.pause(waitMs);
      const devices = await findDevicesByBatch(
        client,
        missing.map(({ row }) => row.serialNumber),
      );
      const shown = missing.map((one, index) => ({ one, device: devices[index] }));
      missing = shown.filter(({ device }) => device === undefined).map(({ one }) => one);
      await Promise.all(
        shown.map(async ({ one: { row }, device }) => {
          if (device === undefined) return;
          const isAssigned = device.assignedToId === row.userId;
          carryOn(await this.#created(row, device.id, isAssigned, answered));
        }),
      );
    }
    // Nobody has counted it as an attempt of the row: whoever finds its effect does, as after a lost answer.
    const doubt = { ...said(answered), outcome: 'ambiguous', state: 'sent', reason: '' } as const;
    await Promise.all(
      missing.map(({ row, detail }) => recordRows(this.#options, [row], { ...doubt, detail })),
    );
    return missing;
  }

  /** Records that the list shows a row's token, and its holder where it does. */
  async #created<Row extends ChunkRow>(
    row: Row,
    deviceId: string,
    isAssigned: boolean,
    { requestId, outcome: { status } }: Uncertain,
  ): Promise<Row> {
    const { ledger, runId, clock } = this.#options;
    const known = seen(row, { deviceId, isAssigned });
    await Promise.all(
      known.done.map(({ step }) =>
        ledger.settled({
          ...{ runId, n: row.n, step, at: isoTime(clock.wallMs()) },
          ...{ outcome: 'done', state: 'done', deviceId, requestId, status, counts: true },
          ...{ reason: '', detail: '' },
        }),
      ),
    );
    return known.row;
  }
}
