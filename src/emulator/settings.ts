// How the emulator behaves: its seed, its throttling world, its lag, its faults, and its answer wherever
// the documents are silent. Every key has a safe default: without settings the service is quick, kind and
// consistent. Nothing here says what the tenant holds.

import { z } from 'zod';
import { parseDuration } from '../duration.js';
import { signInSchema } from './sign-in-settings.js';

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: "expected a duration, such as '80ms', '5s' or '10m'" });
  return z.NEVER;
});

const probability = z.number().min(0).max(1).default(0);

const bucket = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('token-bucket'),
    /** Requests a second, in the long run. */
    rate: z.number().positive(),
    /** Requests at once, after a pause. */
    burst: z.number().min(1),
  }),
  z.strictObject({ kind: z.literal('fixed-window'), quota: z.int().positive(), window: duration }),
]);

/** One limit, or several that hold at the same time, as the real service has (throttling.md, section 1). */
const buckets = z
  .union([bucket, z.array(bucket).max(8)])
  .transform((one) => (Array.isArray(one) ? one : [one]))
  .prefault([]);

/** What can go wrong with a request: the probability of each, from 0 to 1 (reliability.md, section 3). */
const faults = z.strictObject({
  /** The bearer token is refused, as if it had expired; no effect. */
  status401: probability,
  status500: probability,
  status502: probability,
  /** With Retry-After: 1, which graph-api.md, section 5.3 asks clients to honour. */
  status503: probability,
  status504: probability,
  /** Directory_ConcurrencyViolation on a write; no effect. */
  conflict409: probability,
  /** 404 for an object that exists; no effect. */
  late404: probability,
  /** The change takes effect, then 502 or 504. */
  errorAfter: probability,
  /** The connection is reset; no effect. */
  resetBefore: probability,
  /** The change takes effect, then the connection is reset. */
  resetAfter: probability,
  /** The connection is reset at once, and the change takes effect up to `lateBy` later. */
  resetLate: probability,
  /** The change takes effect, and the body of the 2xx answer is not JSON. */
  garbage: probability,
  /** 500 with a page of HTML; no effect. */
  garbageBefore: probability,
  /** The request is carried out twice; the client sees the second answer. */
  duplicateDelivery: probability,
  /** No answer, no effect: the connection stays open until the client gives up or `stallFor` is over. */
  stall: probability,
  /** The same, and the change takes effect. */
  stallAfter: probability,
});

export const emulatorSettingsSchema = z.strictObject({
  seed: z.int().default(1),
  /** How long an answer takes: lognormal, with the 5th and the 95th percentile. */
  latency: z
    .strictObject({ p5: duration.prefault('0ms'), p95: duration.prefault('0ms') })
    .refine(({ p5, p95 }) => p5 <= p95 && (p5 > 0 || p95 === 0), 'expected 0 < p5 <= p95, or both 0')
    .prefault({}),
  throttle: z
    .strictObject({
      writes: buckets,
      reads: buckets,
      /** The form of Retry-After: whole seconds rounded up, thousandths, a date, none, 0, -1, or a day. */
      retryAfter: z
        .enum(['seconds', 'decimal', 'http-date', 'absent', 'zero', 'negative', 'huge'])
        .default('seconds'),
      minRetryAfter: duration.prefault('0ms'),
      /** Whether a refused request uses up quota as well: Microsoft says so (throttling.md, section 0). */
      costOfRejection: z.union([z.literal(0), z.literal(1)]).default(0),
      /** The probability of a 429 for no reason. */
      spurious: probability,
    })
    .prefault({}),
  /** Reads, and the addressing of writes, see each object as it was up to `lag` ago. */
  consistency: z.strictObject({ lag: duration.prefault('0ms') }).prefault({}),
  pageSize: z.int().min(1).default(100),
  maxPageSize: z.int().min(1).default(500),
  /** Items of the inventory list: `flat` was observed, `nested` is documented (graph-api.md, section 3.1.1). */
  shape: z.enum(['flat', 'nested']).default('flat'),
  faults: faults.prefault({}),
  faultsOn: z.enum(['all', 'writes', 'reads']).default('all'),
  stallFor: duration.prefault('10m'),
  lateBy: duration.prefault('30s'),
  limits: z.strictObject({ methodsPerUser: z.int().min(0).default(5) }).prefault({}),
  /** 400 or 409 is not documented (graph-api.md, section 8.3). */
  duplicateSerialStatus: z.union([z.literal(400), z.literal(409)]).default(409),
  /** Assigning a token to the user who holds it, and activating an activated one: not documented. */
  alreadyAssigned: z.enum(['refuse', 'accept']).default('refuse'),
  alreadyActivated: z.enum(['refuse', 'accept']).default('accept'),
  /** When the status becomes failedActivation is not documented (graph-api.md, section 2.3). */
  failedActivationAfter: z.int().min(1).default(3),
  /** How far a token's clock may be off at activation; left out, as documented: graph-api.md, section 2.4. */
  activationTolerance: duration.optional(),
  /** Bulk creation: nothing of this is documented (graph-api.md, section 3.1.3). */
  bulk: z
    .strictObject({
      maxItems: z.int().min(1).default(100),
      refuseStatus: z
        .union([z.literal(400), z.literal(404), z.literal(405), z.literal(413), z.literal(501)])
        .default(413),
      successStatus: z.union([z.literal(200), z.literal(201)]).default(200),
      /** `bare` says nothing of the single items; `empty` has no body at all. */
      answers: z.enum(['full', 'bare', 'empty']).default('full'),
      /**
       * How a failed item is told: OData's annotation on an item that is marked as removed, as its .NET library writes
       * it; the annotation alone, as other Graph APIs do; an error of its own, as in a batch; or by its absence.
       */
      failures: z.enum(['removed', 'annotated', 'error', 'absent']).default('removed'),
      /** Whether items are told with the `@contentId` that they came with. */
      contentIds: z.boolean().default(true),
      /** Whether the items behind a failed one are carried out, or none at all and the whole is refused with 400. */
      onFailure: z.enum(['continue', 'stop', 'refuse']).default('continue'),
      /** `assignTo` has its effect, or is read over. */
      assignTo: z.enum(['take', 'ignore']).default('take'),
    })
    .prefault({}),
  /** A request without exactly this bearer token gets 401. */
  requireToken: z.string().min(1).optional(),
  /** What the caller may do, by operation. `false` gives the documented 403. */
  permissions: z
    .strictObject({
      inventoryRead: z.boolean().default(true),
      inventoryWrite: z.boolean().default(true),
      methodsRead: z.boolean().default(true),
      methodsWrite: z.boolean().default(true),
      usersRead: z.boolean().default(true),
      policyRead: z.boolean().default(true),
      registrationsRead: z.boolean().default(true),
    })
    .prefault({}),
  /** `assignTo` without methodsWrite: refused by the documents, ignored in the field (graph-api.md, section 4.3). */
  assignWithoutPermission: z.enum(['refuse', 'ignore']).default('refuse'),
  /** The object id of the signed-in user. Left out, the caller is an application and `/me` is refused. */
  me: z.string().min(1).optional(),
  /** A sign-in service of its own: then only its tokens are accepted, and they say who calls and what is allowed. */
  signIn: signInSchema.optional(),
  /** How many requests the access log remembers; the counters remember all. */
  accessLogLimit: z.int().min(0).default(100_000),
});

/** The settings in force; durations in milliseconds. */
export type EmulatorSettings = Readonly<z.output<typeof emulatorSettingsSchema>>;
/** The settings as they are written in a file; durations as text. */
export type EmulatorSettingsInput = z.input<typeof emulatorSettingsSchema>;
export type Bucket = Readonly<z.output<typeof bucket>>;
export type FaultName = keyof z.output<typeof faults>;
export type Permission = keyof EmulatorSettings['permissions'];

export const FAULT_NAMES: readonly FaultName[] = faults.keyof().options;

function copy<Key extends keyof EmulatorSettings>(
  target: { -readonly [Name in keyof EmulatorSettings]: EmulatorSettings[Name] },
  source: EmulatorSettings,
  key: Key,
): void {
  target[key] = source[key];
}

/**
 * The settings with some keys replaced, each as a whole: a change of `faults` puts every fault that it does
 * not name back to 0. Answers what is wrong when the changes do not fit.
 */
export function withChanges(
  current: EmulatorSettings,
  changes: unknown,
): { readonly settings: EmulatorSettings } | { readonly problem: string } {
  const decoded = emulatorSettingsSchema.safeParse(changes);
  if (!decoded.success) return { problem: z.prettifyError(decoded.error) };
  const settings = { ...current };
  for (const key of emulatorSettingsSchema.keyof().options) {
    if (typeof changes === 'object' && changes !== null && key in changes) copy(settings, decoded.data, key);
  }
  return { settings };
}
