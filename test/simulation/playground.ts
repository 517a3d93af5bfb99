// Where seeds are played, and what many of them have in common: the job that all of them run, and the places for
// their ledgers.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../src/job/job.js';
import { loadJob } from '../../src/job/load-job.js';
import type { Drawn } from './draw.js';
import { Game, type PlayOptions, SIGNALS } from './game.js';
import { MemoryDisk, mount, replaceDisk } from './memory-disk.js';
import { MemoryLedger } from './memory-ledger.js';
import type { Played } from './played.js';
import { inSimulatedTime } from './virtual-time.js';

/** Where Linux keeps files in memory: a ledger that is a file needs no disk either. */
const IN_MEMORY = '/dev/shm';

const JOB = `name: simulation
kind: onboarding
graph: http://127.0.0.1:9/beta
credential: access-token
manifests: [{ path: tokens.csv }]
activation: user
retry: { attempts: 4 }
verify: { deadline: 2m }
reports: { formats: [csv, html] }
`;

function nobody(): void {
  // Between the lives a signal finds nobody.
}

/** What many seeds have in common: the job that all of them run, and the places for their ledgers. */
export class Playground {
  readonly directory = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'oathbatch-sim-'));
  readonly #memory = new MemoryLedger();
  readonly #restoreDisk = replaceDisk();
  #job: Job | undefined;

  constructor() {
    // The first listener of a signal is costly: it is set once, and not in each life.
    for (const name of SIGNALS) process.on(name, nobody);
  }

  async job(): Promise<Job> {
    if (this.#job === undefined) {
      const path = join(this.directory, 'job.yaml');
      writeFileSync(path, JOB);
      this.#job = await loadJob(path, { environment: {}, set: [] });
    }
    return this.#job;
  }

  /** Plays a seed; an empty tenant and ledger each time. */
  async play(drawn: Drawn, options: PlayOptions = {}): Promise<Played> {
    const job = await this.job();
    const ledgerFile = join(this.directory, 'ledger.db');
    const disk = new MemoryDisk();
    mount(disk);
    const ledger = drawn.isOnDisk ? ledgerFile : this.#memory;
    try {
      return await inSimulatedTime((time) => new Game(drawn, options, { job, disk, ledger, time }).play());
    } finally {
      if (drawn.isOnDisk)
        for (const end of ['', '-wal', '-shm']) rmSync(`${ledgerFile}${end}`, { force: true });
      else this.#memory.empty();
    }
  }

  close(): void {
    for (const name of SIGNALS) process.off(name, nobody);
    this.#restoreDisk();
    this.#memory.close();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
