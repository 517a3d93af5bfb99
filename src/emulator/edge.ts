// The edge of the service: where requests wait, get lost, are carried out and answered. It opens the `$batch`
// envelope and keeps the access log; what an operation does is the service's business.

import type { Clock } from '../clock.js';
import { assertNever } from '../errors.js';
import type { Random } from '../random.js';
import type { AccessLog, MutableEntry } from './access-log.js';
import { type Arrival, innerOperation, targetOf, understand } from './arrival.js';
import type { Authority } from './authority.js';
import { FAILED_DEPENDENCY, runBatch, type SubAnswer, type SubRequest } from './batch.js';
import type { Answer } from './call.js';
import type { EdgeFault, Faults } from './faults.js';
import type { Trace } from './graph-error.js';
import { drawLatency } from './latency.js';
import {
  bodyOf,
  type EmulatorReply,
  type EmulatorRequest,
  garbageReply,
  ownHeaders,
  replyOf,
  writtenName,
} from './reply.js';
import { match } from './router.js';
import type { Delivery, Service } from './service.js';
import { quickUuid, randomStream } from './streams.js';

export interface EdgeParts {
  readonly service: Service;
  readonly faults: Faults;
  readonly log: AccessLog;
  readonly clock: Clock;
  /** Who gives out the tokens that are accepted; when nobody does, every token is. */
  readonly authority: Authority | undefined;
}

interface Outcome {
  readonly answer: Answer;
  readonly isThrottled: boolean;
}

interface Met {
  readonly reply: EmulatorReply;
  readonly isThrottled: boolean;
}

const RESET: Met = { reply: { kind: 'reset' }, isThrottled: false };

export class Edge {
  readonly #parts: EdgeParts;
  readonly #latency: Random;
  readonly #requestIds: Random;
  readonly #lateness: Random;
  readonly #order: Random;
  /** Changes that take effect after their connection is gone. */
  readonly #late = new Set<Promise<void>>();

  constructor(parts: EdgeParts, seed: number) {
    this.#parts = parts;
    this.#latency = randomStream(seed, 'latency');
    // Two lives of the same tenant must not give the same id to two requests.
    this.#requestIds = randomStream(seed, `requests/${parts.clock.wallMs()}`);
    this.#lateness = randomStream(seed, 'late');
    this.#order = randomStream(seed, 'order');
  }

  async handle(request: EmulatorRequest, signal: AbortSignal | undefined): Promise<EmulatorReply> {
    const { clock, faults, log, service } = this.#parts;
    const trace = { requestId: quickUuid(this.#requestIds), wallMs: clock.wallMs() };
    const arrival = understand(request, service.settings, trace, this.#parts.authority);
    const entry = this.#open(arrival, undefined);
    log.counters.http += 1;
    const fault = faults.edge(arrival.target);
    entry.fault = fault;
    const latencyMs = drawLatency(service.settings.latency, this.#latency);
    // The decision falls half way, and a 429 comes back at once (throttling.md, section 4).
    if (latencyMs > 0) await clock.sleep(latencyMs / 2);
    const { reply, isThrottled } = await this.#meet(arrival, entry, fault, signal);
    if (latencyMs > 0 && !isThrottled) await clock.sleep(latencyMs / 2);
    this.#close(entry, reply.kind === 'reset' ? 'reset' : reply.status);
    return reply;
  }

  async settled(): Promise<void> {
    while (this.#late.size > 0) await Promise.all(this.#late);
  }

  async #meet(
    arrival: Arrival,
    entry: MutableEntry,
    fault: EdgeFault | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Met> {
    const { trace } = arrival;
    switch (fault) {
      case 'resetBefore':
        return RESET;
      case 'garbageBefore':
        return { reply: garbageReply(500, trace), isThrottled: false };
      case 'stall':
        return this.#stall(signal);
      case 'resetLate':
        this.#carryOutLate(arrival, entry);
        return RESET;
      case 'resetAfter':
        this.#carryOut(arrival, entry, 'first');
        return RESET;
      case 'stallAfter':
        this.#carryOut(arrival, entry, 'first');
        return this.#stall(signal);
      case 'garbage': {
        const { answer, isThrottled } = this.#carryOut(arrival, entry, 'first');
        const reply = answer.status < 300 ? garbageReply(answer.status, trace) : replyOf(answer, trace);
        return { reply, isThrottled };
      }
      case 'duplicateDelivery': {
        const first = this.#carryOut(arrival, entry, 'first');
        const seen = first.isThrottled ? first : this.#carryOut(arrival, entry, 'second');
        return { reply: replyOf(seen.answer, trace), isThrottled: seen.isThrottled };
      }
      case undefined: {
        const { answer, isThrottled } = this.#carryOut(arrival, entry, 'first');
        return { reply: replyOf(answer, trace), isThrottled };
      }
      default:
        return assertNever(fault);
    }
  }

  /** Nothing comes until the client gives up; if it never does, the connection breaks in the end. */
  async #stall(signal: AbortSignal | undefined): Promise<Met> {
    await this.#parts.clock.sleep(this.#parts.service.settings.stallFor, signal);
    return RESET;
  }

  #carryOutLate(arrival: Arrival, entry: MutableEntry): void {
    const delayMs = this.#lateness.next() * this.#parts.service.settings.lateBy;
    const task: Promise<void> = this.#parts.clock.sleep(delayMs).then(() => {
      this.#carryOut(arrival, entry, 'first');
      this.#late.delete(task);
    });
    this.#late.add(task);
  }

  /** One step, without waiting: the operation, or the operations of the envelope. */
  #carryOut({ content, root, trace, caller }: Arrival, entry: MutableEntry, delivery: Delivery): Outcome {
    switch (content.kind) {
      case 'refused':
        return { answer: content.fault, isThrottled: false };
      case 'operation': {
        const performed = this.#parts.service.perform(content.operation, delivery, caller);
        entry.effect ||= performed.effect;
        entry.fault ??= performed.fault;
        return performed;
      }
      case 'batch': {
        const perform = (request: SubRequest): SubAnswer =>
          this.#inner(request, { root, trace, caller }, entry, delivery);
        const skip = (): SubAnswer => subAnswer(FAILED_DEPENDENCY, trace);
        const responses = runBatch(content.requests, perform, skip);
        const body = { responses: shuffled(responses, this.#order) };
        return { answer: { kind: 'success', status: 200, body }, isThrottled: false };
      }
      default:
        return assertNever(content);
    }
  }

  #inner(
    request: SubRequest,
    { root, trace: outer, caller }: Pick<Arrival, 'root' | 'trace' | 'caller'>,
    envelope: MutableEntry,
    delivery: Delivery,
  ): SubAnswer {
    const operation = innerOperation(request, root);
    const trace = { ...outer, requestId: quickUuid(this.#requestIds) };
    const { service } = this.#parts;
    const target = targetOf(operation, match(operation.method, operation.path, service.settings.me));
    const entry = this.#open({ target, trace }, envelope.seq);
    const { answer, effect, fault } = service.perform(operation, delivery, caller);
    entry.effect = effect;
    entry.fault = fault;
    envelope.effect ||= effect;
    this.#close(entry, answer.status);
    return subAnswer(answer, trace);
  }

  #open({ target, trace }: Pick<Arrival, 'target' | 'trace'>, batch: number | undefined): MutableEntry {
    const { requestId, clientRequestId } = trace;
    const { method, path, isWrite } = target;
    const atMs = this.#parts.clock.wallMs();
    return this.#parts.log.open({
      atMs,
      method,
      path: `/beta${path}`,
      requestId,
      clientRequestId,
      write: isWrite,
      batch,
    });
  }

  #close(entry: MutableEntry, status: number | 'reset'): void {
    entry.status = status;
    entry.endedAtMs = this.#parts.clock.wallMs();
  }
}

function subAnswer(answer: Answer, trace: Trace): SubAnswer {
  const body = bodyOf(answer, trace);
  const headers = Object.entries(ownHeaders(answer, body !== undefined));
  return {
    status: answer.status,
    headers: Object.fromEntries(headers.map(([name, value]) => [writtenName(name), value])),
    body: body ?? null,
  };
}

/** The answers of a batch come in any order (graph-api.md, section 6). */
function shuffled<Item>(items: readonly Item[], random: Random): readonly Item[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
