// Which request goes wrong, and how: drawn from the seed, or planned by a test. What a fault does to a
// request is not decided here.

import type { Random } from '../random.js';
import { type EmulatorSettings, FAULT_NAMES, type FaultName } from './settings.js';
import { randomStream } from './streams.js';

/**
 * Where a fault happens: on the way (`edge`), once per HTTP request, or in the service (`service`), once
 * per operation, so that the operations inside one `$batch` fail one by one.
 */
const PLACE = {
  status401: 'service',
  status500: 'service',
  status502: 'service',
  status503: 'service',
  status504: 'service',
  conflict409: 'service',
  late404: 'service',
  errorAfter: 'service',
  resetBefore: 'edge',
  resetAfter: 'edge',
  resetLate: 'edge',
  garbage: 'edge',
  garbageBefore: 'edge',
  duplicateDelivery: 'edge',
  stall: 'edge',
  stallAfter: 'edge',
} as const satisfies Record<FaultName, 'edge' | 'service'>;

type NameAt<Place> = { [Name in FaultName]: (typeof PLACE)[Name] extends Place ? Name : never }[FaultName];
export type EdgeFault = NameAt<'edge'>;
export type ServiceFault = NameAt<'service'>;

/** What a fault may depend on. */
export interface Target {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly isWrite: boolean;
  /** The path names one object, which could be missing. */
  readonly namesObject: boolean;
}

/** A fault that certainly happens, to the next requests that match. */
export interface PlannedFault {
  readonly fault: FaultName;
  readonly method?: string;
  /** A part of the path, in any case. */
  readonly path?: string;
  /** How many requests; one when left out. */
  readonly times?: number;
}

function isEdge(name: FaultName): name is EdgeFault {
  return PLACE[name] === 'edge';
}

function isService(name: FaultName): name is ServiceFault {
  return PLACE[name] === 'service';
}

const EDGE_FAULTS = FAULT_NAMES.filter(isEdge);
const SERVICE_FAULTS = FAULT_NAMES.filter(isService);

function canHappen(name: FaultName, target: Target): boolean {
  if (name === 'conflict409') return target.isWrite;
  return name !== 'late404' || target.namesObject;
}

function matches(plan: PlannedFault, target: Target): boolean {
  if (plan.method !== undefined && plan.method !== target.method) return false;
  return plan.path === undefined || target.path.toLowerCase().includes(plan.path.toLowerCase());
}

/** The faults to come. Each kind draws from its own stream. */
export class Faults {
  readonly #streams: ReadonlyMap<FaultName, Random>;
  #settings: EmulatorSettings;
  readonly #planned: { readonly plan: PlannedFault; left: number }[] = [];

  constructor(settings: EmulatorSettings) {
    this.#settings = settings;
    this.#streams = new Map(
      FAULT_NAMES.map((name) => [name, randomStream(settings.seed, `fault/${name}`)] as const),
    );
  }

  change(settings: EmulatorSettings): void {
    this.#settings = settings;
  }

  plan(plan: PlannedFault): void {
    this.#planned.push({ plan, left: plan.times ?? 1 });
  }

  edge(target: Target): EdgeFault | undefined {
    return this.#choose(EDGE_FAULTS, target);
  }

  service(target: Target): ServiceFault | undefined {
    return this.#choose(SERVICE_FAULTS, target);
  }

  #choose<Name extends FaultName>(names: readonly Name[], target: Target): Name | undefined {
    const planned = this.#takePlanned(names, target);
    const { faultsOn, faults } = this.#settings;
    if (faultsOn !== 'all' && target.isWrite !== (faultsOn === 'writes')) return planned;
    // Each kind is drawn for every request, also behind a hit, so that no kind shifts the draws of another.
    const drawn = names.filter((name) => faults[name] > 0 && this.#draw(name) < faults[name]);
    return planned ?? drawn.find((name) => canHappen(name, target));
  }

  #takePlanned<Name extends FaultName>(names: readonly Name[], target: Target): Name | undefined {
    for (const [index, entry] of this.#planned.entries()) {
      const name = names.find((candidate) => candidate === entry.plan.fault);
      if (name === undefined || !matches(entry.plan, target) || !canHappen(name, target)) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.#planned.splice(index, 1);
      return name;
    }
    return undefined;
  }

  #draw(name: FaultName): number {
    return this.#streams.get(name)?.next() ?? 1;
  }
}
