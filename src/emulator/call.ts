// What an operation is given and what it gives back: the vocabulary between the router and the operations.

import type { z } from 'zod';
import type { Random } from '../random.js';
import { badRequest, type GraphFault } from './graph-error.js';
import type { EmulatorSettings } from './settings.js';
import type { Store } from './store.js';

export interface Success {
  readonly kind: 'success';
  readonly status: number;
  /** Absent for 204. */
  readonly body?: Readonly<Record<string, unknown>>;
}

export type Answer = Success | GraphFault;

export const NO_CONTENT: Success = { kind: 'success', status: 204 };

/** One operation: the request as far as it has been understood, and what it works on. */
export interface Call {
  readonly store: Store;
  readonly settings: EmulatorSettings;
  /** For the ids of new objects. */
  readonly ids: Random;
  readonly wallMs: number;
  /** The address of the service as the client wrote it, as `http://127.0.0.1:1234/beta`. */
  readonly root: string;
  /** Below the root, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The parts of the path that the template leaves open. */
  readonly params: ReadonlyMap<string, string>;
  /** Parsed; `undefined` when there is none. */
  readonly body: unknown;
}

/** A part of the path that the route's template names. */
export function param(call: Call, name: string): string {
  return call.params.get(name) ?? '';
}

/** The body, decoded; or the refusal, which names the property and never its value. */
export function decodeBody<T>(schema: z.ZodType<T>, body: unknown): { readonly value: T } | GraphFault {
  const decoded = schema.safeParse(body);
  if (decoded.success) return { value: decoded.data };
  const where = decoded.error.issues[0]?.path.join('.') ?? '';
  if (where === '') return badRequest('The request body is missing or not an object.');
  return badRequest(`The property '${where}' is missing or not valid.`);
}
