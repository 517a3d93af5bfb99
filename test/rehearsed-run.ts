// The pipeline from the plan to the verdicts against an emulator, in one process and in virtual time. What a
// test of provisioning needs: a tenant, rows, faults, and the truth afterwards.

import { setMaxListeners } from 'node:events';
import { toLedgerActions, toLedgerRows, toPlan, toProgress, toWork } from '../src/cli/ledger-records.js';
import { gatherEvidence } from '../src/cli/verify.js';
import type { Clock } from '../src/clock.js';
import { Emulator } from '../src/emulator/emulator.js';
import { type EmulatorSettingsInput, emulatorSettingsSchema } from '../src/emulator/settings.js';
import type { SeedDevice, SeedUser } from '../src/emulator/tenant.js';
import type { TruthDevice } from '../src/emulator/truth.js';
import { GraphClient } from '../src/graph/client.js';
import { fixedToken, type TokenSource } from '../src/graph/credential.js';
import { Limiter } from '../src/graph/limiter.js';
import { Pacer } from '../src/graph/pacer.js';
import type { PacerSettings } from '../src/graph/pacer-settings.js';
import type { Transport } from '../src/graph/transport.js';
import type { Ledger, RunRecord } from '../src/ledger/ledger.js';
import { silentLog } from '../src/log.js';
import type { DesiredRow } from '../src/manifest/row.js';
import { makePlan, type Plan } from '../src/plan/plan.js';
import type { PlanRules } from '../src/plan/rules.js';
import type { StopRules } from '../src/provision/patience.js';
import { provision } from '../src/provision/provision.js';
import { seededRandom } from '../src/random.js';
import { type Evidence, reconcile } from '../src/reconcile/reconcile.js';
import type { RowVerdict } from '../src/reconcile/verdict.js';
import { Secret } from '../src/secret.js';
import { listInventory } from '../src/tenant/inventory.js';
import { resolveUsers } from '../src/tenant/users.js';
import { BASE_URL, EmulatorTransport } from './emulator-transport.js';

const RUN_ID = 'run-1';

export function member(n: number, more: Partial<SeedUser> = {}): SeedUser {
  return {
    id: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
    userPrincipalName: `user${n}@contoso.example`,
    displayName: `User ${n}`,
    accountEnabled: true,
    userType: 'Member',
    ...more,
  };
}

export function stockToken(serialNumber: string, more: Partial<SeedDevice> = {}): SeedDevice {
  return {
    ...{ id: `id-${serialNumber}`, serialNumber, manufacturer: 'Contoso', model: 'T1' },
    ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1' },
    ...more,
  };
}

/** Made up, and different for each row, so that a leak can be told. */
function secretOf(n: number): string {
  const digits = [...String(n).padStart(4, '0')].map((digit) => 'ABCDEFGHIJ'.charAt(Number(digit))).join('');
  return `LEAKCANARY${digits}GEZDGNBVGY3TQOJQ`;
}

/** A row whose token the manifest describes. */
export function wanted(n: number, serialNumber: string, user?: string): DesiredRow {
  return {
    n,
    address: { file: 'tokens.csv', line: n + 2 },
    serialNumber,
    ...(user === undefined ? {} : { user }),
    token: {
      secretKey: new Secret(secretOf(n)),
      timeIntervalInSeconds: 30,
      hashFunction: 'hmacsha1',
      manufacturer: 'Contoso',
      model: 'T1',
    },
  };
}

function runRecord(id = RUN_ID, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{ id, job: 'berlin', kind: 'onboarding', jobFile: 'job.yaml', overrides: [], jobSha256: 'aa' },
    ...{ graph: 'emulator', inputs: [], tool: 'oathbatch 0', reportsDir: 'reports' },
    ...{ startedAt: '2026-01-05T08:00:00.000Z', state: 'running', endedAt: '', exitCode: undefined },
    ...more,
  };
}

export interface WorldOptions {
  readonly ledger: Ledger;
  readonly users?: readonly SeedUser[];
  readonly devices?: readonly SeedDevice[];
  readonly settings?: EmulatorSettingsInput;
  readonly attemptsMax?: number;
  readonly stop?: StopRules;
  readonly rules?: PlanRules;
  readonly concurrency?: number;
  readonly createChunk?: number;
  readonly pace?: PacerSettings;
  readonly tokens?: TokenSource;
  /** Stands between the client and the emulator. */
  readonly between?: (transport: Transport, session: Session) => Transport;
}

/** One life of the program: a client, and what stops it. */
export interface Session {
  readonly client: GraphClient;
  readonly writes: Limiter;
  readonly halt: AbortController;
  rowsEnded: number;
}

/** An emulator, a ledger, and the lives of the program that meet them. */
export class RehearsedWorld {
  readonly clock: Clock;
  readonly emulator: Emulator;
  readonly transport: EmulatorTransport;
  readonly ledger: Ledger;
  readonly #options: WorldOptions;
  readonly #random = seededRandom(7);

  constructor(clock: Clock, options: WorldOptions) {
    this.clock = clock;
    this.#options = options;
    this.ledger = options.ledger;
    this.emulator = new Emulator({
      settings: emulatorSettingsSchema.parse(options.settings ?? {}),
      seed: { users: options.users ?? [], devices: options.devices ?? [] },
      clock,
    });
    this.transport = new EmulatorTransport(this.emulator, clock);
  }

  /** @param clock - that of this life, when it is not the world's. */
  session(clock = this.clock): Session {
    this.transport.forgetGate();
    const halt = new AbortController();
    setMaxListeners(0, halt.signal);
    const concurrency = this.#options.concurrency ?? 8;
    const writes = new Limiter({
      pacer: new Pacer(this.#options.pace ?? { burst: 1_000 }),
      concurrency,
      clock,
    });
    const reads = new Limiter({ pacer: new Pacer({ burst: 8 }), concurrency: 8, clock });
    const transport: Transport = {
      send: (request) => line.send(request),
      close: () => line.close(),
    };
    const client = new GraphClient({
      ...{ baseUrl: BASE_URL, transport, tokens: this.#options.tokens ?? fixedToken('test') },
      ...{ writes, reads, clock, random: this.#random, log: silentLog, signal: halt.signal },
    });
    const session: Session = { client, writes, halt, rowsEnded: 0 };
    const line = this.#options.between?.(this.transport, session) ?? this.transport;
    return session;
  }

  /** Looks at the tenant, plans, and records the run. */
  async begin(session: Session, rows: readonly DesiredRow[]): Promise<Plan> {
    const devices = await listInventory(session.client);
    const users = await resolveUsers(
      session.client,
      rows.flatMap(({ user }) => (user === undefined ? [] : [user])),
    );
    const plan = makePlan(rows, { devices, users }, this.#options.rules);
    await this.ledger.beginRun(runRecord(), toLedgerRows(plan), toLedgerActions(plan));
    return plan;
  }

  /** Carries out what the ledger says is left to do. */
  async provision(
    session: Session,
    rows: readonly DesiredRow[],
    changes: Partial<Ledger> = {},
  ): Promise<void> {
    const plan = await toPlan(this.ledger.eachRow(RUN_ID), this.ledger.eachAction(RUN_ID), rows);
    const actions = this.ledger.eachAction(RUN_ID);
    const { concurrency = 8 } = this.#options;
    await provision(toWork(plan, rows, actions, this.#options.rules?.activation), {
      ...{ runId: RUN_ID, client: session.client, clock: this.clock },
      ...{ random: this.#random, log: silentLog, halt: session.halt },
      ledger: changed(this.ledger, changes),
      attemptsMax: this.#options.attemptsMax ?? 4,
      stop: this.#options.stop ?? { afterMs: 604_800_000, withoutProgressMs: 86_400_000 },
      concurrency,
      rowsInHand: concurrency * 4,
      createChunk: this.#options.createChunk ?? 1,
      onRowEnd: () => {
        session.rowsEnded += 1;
      },
    });
  }

  /** Lists again and gives the verdicts; without a session, as after a stop. */
  async verdicts(session: Session | undefined, deadlineMs = 300_000): Promise<readonly RowVerdict[]> {
    const { rows } = await toPlan(this.ledger.eachRow(RUN_ID), this.ledger.eachAction(RUN_ID), []);
    const progress = await toProgress(this.ledger.eachAction(RUN_ID));
    const evidence: Evidence | undefined =
      session === undefined
        ? undefined
        : await gatherEvidence(session.client, this.clock, rows, progress, { deadlineMs });
    return [...reconcile({ rows, progress, evidence, readOnly: false })];
  }

  truth(serialNumber: string): readonly TruthDevice[] {
    return this.emulator.truth().devices.filter((device) => device.serialNumber === serialNumber);
  }
}

/** The ledger with some of its methods replaced. */
function changed(ledger: Ledger, changes: Partial<Ledger>): Ledger {
  return new Proxy(ledger, {
    get: (target, name): unknown => {
      const value: unknown = Reflect.get(Object.hasOwn(changes, name) ? changes : target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
