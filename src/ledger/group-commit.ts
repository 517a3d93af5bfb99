// Gathers records that are written at about the same time into one transaction, because each durable commit
// costs the disk a flush. Whoever hands in a record waits until it is on the disk.

import { OperationError } from '../errors.js';

interface Waiting {
  readonly apply: () => void;
  readonly resolve: () => void;
  readonly reject: (error: OperationError) => void;
}

/** Records in one transaction at most: it bounds how long one commit can take. */
const GROUP_MAX = 1_000;

export class GroupCommit {
  readonly #transact: (work: () => void) => void;
  readonly #flush: (() => Promise<void>) | undefined;
  readonly #queue: Waiting[] = [];
  #scheduled = false;
  #pump: Promise<void> | undefined;
  #broken: OperationError | undefined;

  /**
   * @param transact - runs the work in one transaction, or throws and leaves nothing of it. Without `flush` it is
   *   durable when it returns.
   * @param flush - resolves when everything that was transacted before the call is on the disk.
   */
  constructor(transact: (work: () => void) => void, flush?: () => Promise<void>) {
    this.#transact = transact;
    this.#flush = flush;
  }

  /**
   * Resolves when the record is durable.
   *
   * @throws {OperationError} `ledger-failed`. After one failure everything is refused: what a failed flush
   *   left on the disk is not known, so nothing more may be sent (reliability.md, section 1).
   */
  submit(apply: () => void): Promise<void> {
    if (this.#broken !== undefined) return Promise.reject(this.#broken);
    return new Promise((resolve, reject) => {
      this.#queue.push({ apply, resolve, reject });
      this.#schedule();
    });
  }

  /** Resolves when what is waiting is committed and on the disk; without a `flush` it is so when this returns. */
  async settle(): Promise<void> {
    await this.#pump;
    if (this.#flush === undefined) this.#commitAll();
    else await this.#start(this.#flush);
  }

  #schedule(): void {
    if (this.#scheduled || this.#pump !== undefined) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      if (this.#flush === undefined) this.#commitAll();
      // Whoever waits for a record is told of a failure.
      else this.#start(this.#flush).catch(() => undefined);
    });
  }

  #commitAll(): void {
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, GROUP_MAX);
      if (this.#commit(group)) for (const record of group) record.resolve();
    }
  }

  /** Never rejects. What comes while a group is being flushed is the next group. */
  #start(flush: () => Promise<void>): Promise<void> {
    this.#pump ??= this.#commitAndFlush(flush).finally(() => {
      this.#pump = undefined;
      // One that came after the last look at the queue.
      if (this.#queue.length > 0) this.#schedule();
    });
    return this.#pump;
  }

  async #commitAndFlush(flush: () => Promise<void>): Promise<void> {
    while (this.#queue.length > 0) {
      const group = this.#queue.splice(0, GROUP_MAX);
      if (!this.#commit(group)) continue;
      try {
        await flush();
      } catch (error) {
        this.#break(group, 'flushing it failed', error);
        continue;
      }
      for (const record of group) record.resolve();
    }
  }

  /** Whether the transaction has succeeded; if not, everybody in it is told. */
  #commit(group: readonly Waiting[]): boolean {
    try {
      if (this.#broken !== undefined) throw this.#broken;
      this.#transact(() => {
        for (const record of group) record.apply();
      });
      return true;
    } catch (error) {
      this.#break(group, 'writing it failed', error);
      return false;
    }
  }

  #break(group: readonly Waiting[], what: string, error: unknown): void {
    this.#broken = ledgerFailed(what, error);
    for (const record of group) record.reject(this.#broken);
  }
}

/** The operational error of every failure of the ledger. */
export function ledgerFailed(what: string, cause: unknown): OperationError {
  if (cause instanceof OperationError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OperationError({
    code: 'ledger-failed',
    what: `The ledger cannot be used: ${what} (${message.replaceAll('"', '').trim()}).`,
    data: 'Nothing is sent that cannot be recorded first; what was recorded before is kept.',
    next: 'Check the free space and the permissions of the state directory (--state), then run: oathbatch resume',
    cause,
  });
}
