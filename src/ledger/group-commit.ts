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
  readonly #queue: Waiting[] = [];
  #scheduled = false;
  #broken: OperationError | undefined;

  /** @param transact - runs the work in one durable transaction, or throws and leaves nothing of it. */
  constructor(transact: (work: () => void) => void) {
    this.#transact = transact;
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

  /** Commits what is waiting, now. */
  flush(): void {
    while (this.#queue.length > 0) this.#commit(this.#queue.splice(0, GROUP_MAX));
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.flush();
    });
  }

  #commit(group: readonly Waiting[]): void {
    try {
      if (this.#broken !== undefined) throw this.#broken;
      this.#transact(() => {
        for (const record of group) record.apply();
      });
    } catch (error) {
      this.#broken = ledgerFailed('writing it failed', error);
      for (const record of group) record.reject(this.#broken);
      return;
    }
    for (const record of group) record.resolve();
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
