// The ledger of one life of the program: durable with each commit, or by a flush beside the work as the command has
// it (decision 0092), and failing where its seed says. After a failure nothing may be written or flushed any more.

import Database from 'libsql';
import type { Clock } from '../../src/clock.js';
import type { Ledger } from '../../src/ledger/ledger.js';
import { LogFlush } from '../../src/ledger/log-flush.js';
import { ledgerOn } from '../../src/ledger/sqlite.js';
import type { Life } from './crash.js';
import type { DiskFailure } from './draw.js';
import type { MemoryLedger } from './memory-ledger.js';

export interface LedgerOfALife {
  readonly life: Life;
  /** A file, or the database in memory. */
  readonly place: string | MemoryLedger;
  readonly failure?: DiskFailure | undefined;
  /** How long a flush beside the work takes; without it a commit is durable by itself. */
  readonly flush?: { readonly takesMs: number; readonly clock: Clock } | undefined;
  /** Told when something is done after a failure. */
  readonly onWrong: (what: string) => void;
}

export interface OpenedLedger {
  readonly ledger: Ledger;
  /** Since a moment ago, at the least. */
  readonly hasFailed: () => boolean;
  readonly close: () => void;
}

class FlushBeside extends LogFlush {
  readonly #flushed: () => Promise<void>;

  constructor(flushed: () => Promise<void>) {
    super('');
    this.#flushed = flushed;
  }

  override flush(): Promise<void> {
    return this.#flushed();
  }
}

export function openLedgerOf({ life, place, failure, flush, onWrong }: LedgerOfALife): OpenedLedger {
  const db = typeof place === 'string' ? new Database(place) : place;
  if (typeof place === 'string') {
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
  }
  let [transactions, flushes, hasFailed, isFailureKnown] = [0, 0, false, false];
  const failsAt = (count: number, isInFlush: boolean): boolean => {
    const isHere = failure !== undefined && failure.isInFlush === isInFlush && failure.at === count;
    return isHere;
  };
  const fail = (): never => {
    hasFailed = true;
    // What was durable before leaves at the same moment.
    setTimeout(() => {
      isFailureKnown = true;
    }, 0);
    throw new Error(failure?.message);
  };
  const commit = (transact: () => void): void => {
    if (hasFailed && !life.isDead) onWrong('S6: written to the ledger after it had failed');
    transactions += 1;
    if (failsAt(transactions, false)) {
      if (failure?.isKept === true) transact();
      fail();
    }
    life.commit(transact);
  };
  const flushed = async (takesMs: number, clock: Clock): Promise<void> => {
    if (hasFailed && !life.isDead) onWrong('S6: flushed again after a flush had failed');
    flushes += 1;
    const fails = failsAt(flushes, true);
    await clock.sleep(takesMs);
    if (fails) fail();
  };
  const log =
    flush === undefined ? undefined : new FlushBeside(() => flushed(flush.takesMs, life.clock(flush.clock)));
  return {
    ledger: life.ledger(ledgerOn(db, commit, log)),
    hasFailed: () => isFailureKnown,
    close: () => {
      if (typeof place === 'string') db.close();
    },
  };
}
