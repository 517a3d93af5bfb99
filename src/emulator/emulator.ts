// A rehearsal Microsoft Graph with a tenant behind it, without sockets (server.ts has them). Here its parts
// are put together, and the truth is handed out. The same seed, requests and clock give the same answers.

import type { Clock } from '../clock.js';
import { assertNever } from '../errors.js';
import { AccessLog } from './access-log.js';
import { Authority, type SignInCounts } from './authority.js';
import { Edge } from './edge.js';
import { Faults, type PlannedFault } from './faults.js';
import type { EmulatorReply, EmulatorRequest } from './reply.js';
import { Service } from './service.js';
import type { EmulatorSettings } from './settings.js';
import { Store, type StoreChange } from './store.js';
import { randomStream } from './streams.js';
import {
  DEFAULT_POLICY,
  restoreDevices,
  type SnapshotEntry,
  seedDevice,
  snapshotDevice,
  type TenantSeed,
  type TenantSnapshot,
} from './tenant.js';
import { Throttle } from './throttle.js';
import { type TenantTruth, truthOf } from './truth.js';

export type { PlannedFault } from './faults.js';
export type { EmulatorReply, EmulatorRequest } from './reply.js';

export interface EmulatorOptions {
  readonly settings: EmulatorSettings;
  readonly seed: TenantSeed;
  readonly clock: Clock;
  /** Wins over the seed, which then only gives the secrets, by serial number. */
  readonly snapshot?: TenantSnapshot;
}

/**
 * The emulator.
 *
 * @example
 * const settings = emulatorSettingsSchema.parse({ throttle: { writes: { kind: 'token-bucket', rate: 20, burst: 3000 } } });
 * const emulator = new Emulator({ settings, seed: { users, devices: [] }, clock: systemClock });
 * await emulator.handle({ method: 'GET', path: '/beta/users', headers: {}, body: '' });
 */
export class Emulator {
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #throttle: Throttle;
  readonly #faults: Faults;
  readonly #log: AccessLog;
  readonly #service: Service;
  readonly #edge: Edge;
  readonly #authority: Authority | undefined;

  constructor({ settings, seed, clock, snapshot }: EmulatorOptions) {
    // A restored tenant must not draw the ids again that its tokens have.
    const ids = randomStream(
      settings.seed,
      snapshot === undefined ? 'ids' : `ids/${snapshot.devices.length}`,
    );
    const devices =
      snapshot === undefined
        ? seed.devices.map((device) => seedDevice(device, ids, clock.wallMs()))
        : restoreDevices(snapshot, seed);
    const store = new Store({
      users: snapshot?.users ?? seed.users,
      devices,
      policy: snapshot?.policy ?? { ...DEFAULT_POLICY, state: seed.policyState ?? 'enabled' },
      clock,
      lagMs: settings.consistency.lag,
      random: randomStream(settings.seed, 'lag'),
    });
    const throttle = new Throttle(settings, clock.monotonicMs());
    const faults = new Faults(settings);
    const log = new AccessLog(settings.accessLogLimit);
    const gateway = randomStream(settings.seed, 'gateway');
    const service = new Service({ store, throttle, faults, log, clock, ids, gateway }, settings);
    this.#clock = clock;
    this.#store = store;
    this.#throttle = throttle;
    this.#faults = faults;
    this.#log = log;
    this.#service = service;
    this.#authority =
      settings.signIn === undefined
        ? undefined
        : new Authority(settings.signIn, {
            clock,
            random: randomStream(settings.seed, 'sign-in'),
            users: snapshot?.users ?? seed.users,
          });
    this.#edge = new Edge({ service, faults, log, clock, authority: this.#authority }, settings.seed);
  }

  get settings(): EmulatorSettings {
    return this.#service.settings;
  }

  /** Answers one request. The signal says that the client is gone, which ends a stall and undoes nothing. */
  handle(request: EmulatorRequest, signal?: AbortSignal): Promise<EmulatorReply> {
    return this.#edge.handle(request, signal);
  }

  /** Answers one request to the sign-in service at this address; `undefined` when there is none. */
  signIn(request: EmulatorRequest, origin: string): EmulatorReply | undefined {
    return this.#authority?.handle(request, origin);
  }

  /** What the sign-in service was asked for. */
  get signInCounts(): SignInCounts | undefined {
    return this.#authority?.counts;
  }

  /** Changes how the service behaves from the next request on. `seed` and `accessLogLimit` stay as they were. */
  change(settings: EmulatorSettings): void {
    this.#service.settings = settings;
    this.#throttle.change(settings.throttle, this.#clock.monotonicMs());
    this.#faults.change(settings);
    this.#store.replica.lagMs = settings.consistency.lag;
  }

  /** Lets the next requests that match fail, beside the faults that are drawn. */
  plan(fault: PlannedFault): void {
    this.#faults.plan(fault);
  }

  /** Resolves when every change has taken effect whose connection was reset before it (`resetLate`). */
  settled(): Promise<void> {
    return this.#edge.settled();
  }

  /** The ground truth at this moment. It holds no secret. */
  truth(): TenantTruth {
    return truthOf(this.#store, this.#log);
  }

  /** The tenant at this moment, to go on from later. It holds no secret. */
  snapshot(): TenantSnapshot {
    return {
      policy: this.#store.policy,
      users: this.#store.users.all,
      devices: [...this.#store.devices()].map(snapshotDevice),
    };
  }

  /** Tells the listener of each change of the tenant, before the request that made it is answered. */
  onChange(listener: (change: SnapshotEntry) => void): void {
    this.#store.onChange((change) => listener(entryOf(change)));
  }
}

function entryOf(change: StoreChange): SnapshotEntry {
  switch (change.kind) {
    case 'device':
      return { device: snapshotDevice(change.device) };
    case 'removed':
      return { removed: change.id };
    case 'policy':
      return { policy: change.policy };
    default:
      return assertNever(change);
  }
}
