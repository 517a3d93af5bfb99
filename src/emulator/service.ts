// The service behind the edge: judges one operation by the limits, lets it fail or carries it out. It never
// waits, so an operation is a single step and its effect is all or nothing.

import type { Clock } from '../clock.js';
import { assertNever } from '../errors.js';
import type { Random } from '../random.js';
import type { AccessLog } from './access-log.js';
import { isWrite, type Operation, targetOf } from './arrival.js';
import type { Answer } from './call.js';
import type { Faults, ServiceFault } from './faults.js';
import { isAllowed } from './grants.js';
import {
  accessDenied,
  concurrencyViolation,
  type GraphFault,
  graphFault,
  insufficientPrivileges,
  isFault,
  notFound,
  serverFault,
  unauthenticated,
} from './graph-error.js';
import type { Caller } from './issued-tokens.js';
import { type Match, match } from './router.js';
import type { EmulatorSettings } from './settings.js';
import type { Store } from './store.js';
import type { Refusal, Throttle } from './throttle.js';

/** The second time is an intermediary's doing (`duplicateDelivery`). */
export type Delivery = 'first' | 'second';

export interface Performed {
  readonly answer: Answer;
  readonly effect: boolean;
  readonly isThrottled: boolean;
  readonly fault: ServiceFault | undefined;
}

export interface ServiceParts {
  readonly store: Store;
  readonly throttle: Throttle;
  readonly faults: Faults;
  readonly log: AccessLog;
  readonly clock: Clock;
  /** For the ids of new objects. */
  readonly ids: Random;
  /** For the choice between 502 and 504. */
  readonly gateway: Random;
}

export class Service {
  readonly #parts: ServiceParts;
  settings: EmulatorSettings;

  constructor(parts: ServiceParts, settings: EmulatorSettings) {
    this.#parts = parts;
    this.settings = settings;
  }

  /**
   * Carries one operation out. A second delivery of the same request is not counted again: it must not be
   * refused for its pace, or a 429 would no longer mean that nothing happened.
   */
  perform(operation: Operation, delivery: Delivery, caller?: Caller): Performed {
    const me = caller === undefined ? this.settings.me : caller.me;
    const found = match(operation.method, operation.path, me);
    const refusal = delivery === 'first' ? this.#judge(operation) : undefined;
    if (refusal !== undefined) {
      return { answer: tooManyRequests(refusal), effect: false, isThrottled: true, fault: undefined };
    }
    const fault = delivery === 'first' ? this.#parts.faults.service(targetOf(operation, found)) : undefined;
    const instead = fault === undefined ? undefined : faultBefore(fault);
    if (instead !== undefined) return { answer: instead, effect: false, isThrottled: false, fault };

    const before = this.#parts.store.changes;
    const answer = this.#run(operation, found, caller);
    const effect = this.#parts.store.changes !== before;
    const isLost = fault === 'errorAfter';
    const told = isLost ? serverFault(this.#parts.gateway.next() < 0.5 ? 502 : 504) : answer;
    return { answer: told, effect, isThrottled: false, fault };
  }

  #judge(operation: Operation): Refusal | undefined {
    const { throttle, clock, log } = this.#parts;
    const kind = isWrite(operation.method) ? 'write' : 'read';
    log.counters.requests += 1;
    log.counters[kind === 'write' ? 'writes' : 'reads'] += 1;
    const refusal = throttle.judge(kind, clock.monotonicMs(), clock.wallMs());
    if (refusal !== undefined) log.counters.throttled += 1;
    return refusal;
  }

  #run(operation: Operation, found: Match | GraphFault, caller: Caller | undefined): Answer {
    if (isFault(found)) return found;
    const { needs, run } = found.operation;
    const isGranted = caller === undefined || isAllowed(needs, found, caller);
    if (!this.settings.permissions[needs] || !isGranted) {
      return needs === 'methodsRead' || needs === 'methodsWrite' ? accessDenied() : insufficientPrivileges();
    }
    if (operation.body.kind === 'unreadable') return operation.body.fault;
    return run({
      store: this.#parts.store,
      settings: this.settings,
      ids: this.#parts.ids,
      wallMs: this.#parts.clock.wallMs(),
      root: operation.root,
      path: operation.path,
      query: new URLSearchParams(operation.query),
      params: found.params,
      body: operation.body.kind === 'json' ? operation.body.value : undefined,
    });
  }
}

/** The 429 of graph-api.md, sections 5.2 and 5.3. */
function tooManyRequests({ retryAfter, scope, information }: Refusal): GraphFault {
  return graphFault(429, 'TooManyRequests', 'Please retry again later.', {
    ...(retryAfter === undefined ? {} : { 'retry-after': retryAfter }),
    'x-ms-throttle-scope': scope,
    'x-ms-throttle-information': information,
  });
}

/** The answer that stands in for the operation; `undefined` when it is carried out first. */
function faultBefore(fault: ServiceFault): GraphFault | undefined {
  switch (fault) {
    case 'status401':
      return unauthenticated();
    case 'status500':
      return serverFault(500);
    case 'status502':
      return serverFault(502);
    case 'status503':
      return serverFault(503);
    case 'status504':
      return serverFault(504);
    case 'conflict409':
      return concurrencyViolation();
    case 'late404':
      return notFound('device');
    case 'errorAfter':
      return undefined;
    default:
      return assertNever(fault);
  }
}
