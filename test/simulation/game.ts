// Plays one seed: a run of the real pipeline, from the plan to the reports on the disk, in as many lives as its
// faults leave it, until it has come to its end; then the same job again, with everything well. Only the
// network, the time and the opening of the ledger are not those of the command.

import { join } from 'node:path';
import { beginRun, newRunId } from '../../src/cli/begin-run.js';
import type { Context } from '../../src/cli/common.js';
import { execute } from '../../src/cli/execute.js';
import { toPlan } from '../../src/cli/ledger-records.js';
import { preparePlan } from '../../src/cli/prepare.js';
import type { Session } from '../../src/cli/session.js';
import { isoTime } from '../../src/clock.js';
import { OperationError } from '../../src/errors.js';
import { claimsOf } from '../../src/graph/token-claims.js';
import type { Job } from '../../src/job/job.js';
import { walkChain } from '../../src/ledger/chain.js';
import type { Ledger, RunRecord } from '../../src/ledger/ledger.js';
import type { Log } from '../../src/log.js';
import { seededRandom } from '../../src/random.js';
import { gathered, wholeConclusion } from '../gathered.js';
import { RehearsedWorld } from '../rehearsed-run.js';
import { type CrashPoint, Life } from './crash.js';
import type { DiskFailure, Drawn } from './draw.js';
import { Faults, Tokens } from './faults.js';
import { MEMORY_ROOT, type MemoryDisk } from './memory-disk.js';
import type { MemoryLedger } from './memory-ledger.js';
import type { LifeEnd, Played } from './played.js';
import { type OpenedLedger, openLedgerOf } from './simulated-ledger.js';
import { makeTenant, type World } from './tenant.js';
import type { VirtualTime } from './virtual-time.js';
import { Wire } from './wire.js';

/** Lives under faults; in the ones after these everything is well. */
const FAULTY_LIVES_MAX = 6;

/** A run that is not at its end after so many lives never will be. */
const LIVES_MAX = 10;

const BETWEEN_LIVES_MS = 5_000;

/** Whoever ends a run: by these. */
export const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Who signed in, as a token says that cannot be read. */
const SIGNED_IN = { credential: 'access-token', ...claimsOf('') } as const;

export interface PlayOptions {
  /** In place of the seed's own. */
  readonly crashes?: readonly CrashPoint[];
}

/** Where a seed is played. */
export interface Place {
  readonly job: Job;
  readonly disk: MemoryDisk;
  /** A file, or the database in memory. */
  readonly ledger: string | MemoryLedger;
  readonly time: VirtualTime;
}

export class Game {
  readonly #drawn: Drawn;
  readonly #job: Job;
  readonly #time: VirtualTime;
  readonly #disk: MemoryDisk;
  readonly #crashes: readonly CrashPoint[];
  readonly #world: World;
  readonly #tenant: RehearsedWorld;
  readonly #wire: Wire;
  readonly #tokens = new Tokens();
  readonly #faults: Faults;
  readonly #said: string[] = [];
  readonly #ends: LifeEnd[] = [];
  readonly #failures: string[] = [];
  readonly #bugs: string[] = [];
  readonly #random;
  readonly #ledger: string | MemoryLedger;
  #observer: { readonly ledger: Ledger; readonly close: () => void } | undefined;
  #life = new Life(undefined);
  #operations = 0;
  #lastLifeMs = 0;

  constructor(drawn: Drawn, options: PlayOptions, { job, disk, ledger: place, time }: Place) {
    this.#drawn = drawn;
    this.#time = time;
    this.#disk = disk;
    this.#ledger = place;
    this.#crashes = options.crashes ?? drawn.crashes;
    this.#job = {
      ...job,
      throttle: { rate: 'auto', concurrency: drawn.concurrency },
      create: { chunk: drawn.createChunk },
      reports: { ...job.reports, formats: drawn.hasSameFortune ? ['csv', 'html'] : ['csv'] },
    };
    this.#world = makeTenant(drawn.rows);
    this.#random = seededRandom(drawn.seed);
    const { ledger, close } = this.#observe();
    this.#tenant = new RehearsedWorld(time.clock(), {
      ...{ ledger, users: this.#world.users, devices: this.#world.devices },
      ...{ settings: { seed: drawn.seed }, concurrency: drawn.concurrency, pace: drawn.pace },
      tokens: this.#tokens.source(),
      between: (transport) => this.#life.transport(this.#lifeWire ?? transport),
    });
    close();
    this.#wire = new Wire(this.#tenant.transport);
    const stage = { time, emulator: this.#tenant.emulator, wire: this.#wire };
    this.#faults = new Faults(drawn, this.#tokens, stage);
  }

  #lifeWire: ReturnType<Wire['ofOneLife']> | undefined;

  async play(): Promise<Played> {
    const { emulator } = this.#tenant;
    this.#faults.begin();
    let run: RunRecord | undefined;
    for (let life = 0; life < LIVES_MAX && run?.state !== 'finished'; life += 1) {
      if (life >= FAULTY_LIVES_MAX) await this.#faults.end();
      await this.#live(life, run);
      [run] = await this.#runs();
      // Whoever resumes it needs a moment.
      await this.#time.clock().sleep(BETWEEN_LIVES_MS);
    }
    await emulator.settled();
    const { ledger, close } = this.#observe();
    const conclusion = run === undefined ? undefined : await wholeConclusion(ledger, run.id);
    const chainIsWhole = run !== undefined && (await this.#chainHolds(ledger, run));
    const actions = run === undefined ? [] : await gathered(ledger.eachAction(run.id));
    const dump = run === undefined ? '' : JSON.stringify([run, conclusion, actions]);
    close();
    const read = (name: string): string =>
      run === undefined ? '' : this.#disk.text(join(MEMORY_ROOT, 'reports', run.id, name));
    const truth = emulator.truth();
    const again =
      this.#drawn.isRunAgain && run?.state === 'finished' ? [await this.#again(), await this.#again()] : [];
    return {
      ...{ drawn: this.#drawn, world: this.#world, truth, conclusion, run, again },
      ...{ ends: this.#ends, failures: this.#failures, wire: this.#wire, operations: this.#operations },
      insideGate: this.#tenant.transport.insideGate,
      tokens: { asked: this.#tokens.asked, expired: this.#tokens.expired },
      ...{ lastLifeMs: this.#lastLifeMs, chainIsWhole, bugs: this.#bugs },
      rowsCsv: read('rows.csv'),
      reportHtml: read('report.html'),
      said: [...this.#said, dump].join('\n'),
    };
  }

  /** The same job as a new run. */
  async #again(): Promise<Played['again'][number]> {
    await this.#faults.end();
    const known = new Set((await this.#runs()).map(({ id }) => id));
    const before = this.#wire.writes;
    await this.#live(LIVES_MAX, undefined);
    const run = (await this.#runs()).find(({ id }) => !known.has(id));
    const { ledger, close } = this.#observe();
    const conclusion = run === undefined ? undefined : await wholeConclusion(ledger, run.id);
    close();
    return { conclusion, writes: this.#wire.writes - before, tookMs: this.#lastLifeMs };
  }

  async #chainHolds(ledger: Ledger, run: RunRecord): Promise<boolean> {
    const walk = await walkChain(run.id, ledger.events(run.id));
    return walk.broken === undefined && walk.events > 0;
  }

  /** One life of the command: `run`, or `resume` when there is a run that has not come to its end. */
  async #live(n: number, run: RunRecord | undefined): Promise<void> {
    const life = new Life(this.#faults.areOver ? undefined : this.#crashes[n]);
    this.#life = life;
    const startedMs = this.#time.nowMs;
    const clock = life.clock(this.#time.clock());
    const failure = this.#drawn.diskFailures.find((one) => one.life === n);
    const { ledger, hasFailed, close } = this.#openLedger(life, this.#faults.areOver ? undefined : failure);
    this.#lifeWire = this.#wire.ofOneLife(hasFailed);
    const { client, writes, halt } = this.#tenant.session(clock);
    const session: Session = {
      ...{ label: 'emulator', client, writes, halt, rowsInHand: this.#drawn.concurrency * 4 },
      signedIn: async () => SIGNED_IN,
      grants: async () => undefined,
      clockOffsetMs: () => 0,
      close: async () => halt.abort(),
    };
    const context = this.#context(clock);
    const listeners = { SIGINT: process.listeners('SIGINT'), SIGTERM: process.listeners('SIGTERM') };
    const signalAfterMs = this.#faults.areOver ? undefined : this.#drawn.signalsAfterMs[n];
    const signal =
      signalAfterMs === undefined
        ? undefined
        : this.#time.add(() => {
            // Nobody listens before the run is in the ledger, and the test runner would.
            if (process.listenerCount('SIGTERM') > listeners.SIGTERM.length) process.emit('SIGTERM');
          }, signalAfterMs);
    try {
      const work =
        run === undefined ? this.#run(ledger, session, context) : this.#resume(run, ledger, session, context);
      const lived = work.then(
        (): LifeEnd => 'exit',
        (error: unknown): LifeEnd => this.#ended(error),
      );
      this.#ends.push(await Promise.race([lived, life.died.then((): LifeEnd => 'crash')]));
    } finally {
      if (signal !== undefined) signal.isCleared = true;
      for (const name of SIGNALS) {
        for (const one of process.listeners(name)) {
          if (!listeners[name].includes(one)) process.removeListener(name, one);
        }
      }
      life.kill();
      close();
      this.#operations += life.operations;
      this.#lastLifeMs = this.#time.nowMs - startedMs;
    }
  }

  #ended(error: unknown): LifeEnd {
    if (error instanceof OperationError) {
      this.#failures.push(error.code);
      this.#said.push(error.message, error.data, error.next);
      return 'failure';
    }
    this.#bugs.push(error instanceof Error ? `${error.stack}` : String(error));
    return 'bug';
  }

  async #run(ledger: Ledger, session: Session, context: Context): Promise<void> {
    const { desired } = this.#world;
    const runId = newRunId(this.#job.name, context);
    const startedAt = isoTime(context.clock.wallMs());

    const inputs = { job: this.#job, jobFile: this.#job.file, desired, signingKey: undefined };
    const { plan, observed } = await preparePlan(inputs, session, ledger);
    const start = { runId, startedAt, inputs, overrides: [], graph: session.label, plan };
    const run = await beginRun(ledger, start, context);
    await execute({ job: this.#job, desired, plan, run, ledger, session, observed }, context);
  }

  async #resume(run: RunRecord, ledger: Ledger, session: Session, context: Context): Promise<void> {
    const { desired } = this.#world;
    const plan = await toPlan(ledger.eachRow(run.id), ledger.eachAction(run.id), desired.rows);
    await ledger.setRunState(run.id, 'running', '', undefined);
    await execute({ job: this.#job, desired, plan, run, ledger, session }, context);
  }

  /** Newest first. */
  async #runs(): Promise<readonly RunRecord[]> {
    const { ledger, close } = this.#observe();
    const runs = await ledger.runs();
    close();
    return runs;
  }

  /** The ledger for a look from outside. In memory it is opened once, because its statements take long to prepare. */
  #observe(): { ledger: Ledger; close: () => void } {
    if (this.#observer !== undefined) return this.#observer;
    const opened = this.#openLedger(new Life(undefined), undefined);
    if (typeof this.#ledger !== 'string') this.#observer = opened;
    return opened;
  }

  #openLedger(life: Life, failure: DiskFailure | undefined): OpenedLedger {
    const { flushMs } = this.#drawn;
    const flush = flushMs === undefined ? undefined : { takesMs: flushMs, clock: this.#time.clock() };
    const onWrong = (what: string): void => {
      this.#wire.violations.push(what);
    };
    return openLedgerOf({ life, place: this.#ledger, failure, flush, onWrong });
  }

  #context(clock: Context['clock']): Context {
    const say = (text: string): void => {
      this.#said.push(text);
    };
    const line = (fields: Readonly<Record<string, unknown>>, message: string): void => {
      this.#said.push(message, JSON.stringify(fields));
    };
    const log: Log = { debug: line, info: line, warn: line, error: line, isLevelEnabled: () => true };
    return {
      options: {
        ...{ state: '.oathbatch', reports: join(MEMORY_ROOT, 'reports'), yes: true },
        ...{ json: true, progress: false, set: [] },
      },
      environment: {},
      screen: { print: say, say, width: 100, colour: false, live: false, confirm: async () => true },
      clock,
      random: this.#random,
      log,
    };
  }
}
