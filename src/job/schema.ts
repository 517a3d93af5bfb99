// The job file's schema: every key, its default and its unit. The sentences in `describe` are the manual that
// an editor shows (jobs/job.schema.json), so that they say what a key is for and what happens without it.

import { z } from 'zod';
import type { CloudName } from '../clouds.js';
import { parseDuration } from '../duration.js';
import { emulatorSettingsSchema } from '../emulator/settings.js';
import { connectionSchema } from './connection-schema.js';
import { credentialSchema } from './credential-schema.js';
import { digestSchema } from './digest-schema.js';
import { isGraphUrl } from './graph-target.js';
import { assignmentsSchema, leaversSchema, manifestSchema } from './input-schema.js';
import { activationSchema, createSchema, maxDestructiveSchema, modeSchema } from './life-schema.js';
import { limitSchema } from './limit.js';
import { rejectsSchema } from './rejects-schema.js';
import { wavesSchema } from './waves-schema.js';

const CLOUD_NAMES = ['global', 'usgov-l4', 'usgov-l5', 'china'] as const satisfies readonly CloudName[];

/** The name of a job is part of paths and run ids on every system. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** What an editor takes for a text with rules of its own: the text, or one with a reference in it. */
const orReference = (pattern: string) => ({ pattern: `^(?:${pattern})$|\\$\\{` });

/** The documented limit of directory writes is 60 a second for a whole tenant (throttling.md, section 1). */
const MAX_RATE = 1_000;

const DURATION_MESSAGE = "must be a duration with its unit, such as '90s' or '5m'";

const duration = (maxMs: number, max: string) =>
  z
    .string({ error: DURATION_MESSAGE })
    .meta(orReference('\\d+(?:\\.\\d+)?\\s*(?:ms|s|m|h|d)'))
    .transform((written, context): number => {
      const ms = parseDuration(written);
      if (ms !== undefined && ms <= maxMs) return ms;
      context.addIssue({
        code: 'custom',
        message: ms === undefined ? DURATION_MESSAGE : `must not be longer than ${max}`,
      });
      return z.NEVER;
    });

const path = z.string().min(1);

const limits = z
  .strictObject({
    maxChanges: limitSchema
      .prefault('100%')
      .describe(
        'The run is refused before anything is sent when more rows than this would change. A count, or a share of the rows. Default: 100%.',
      ),
    maxConflicts: limitSchema
      .prefault('5%')
      .describe(
        'The run is refused before anything is sent when more rows than this are in conflict with the tenant. A count, or a share of the rows. Default: 5%.',
      ),
    maxDestructive: maxDestructiveSchema,
  })
  .describe('Safety limits: what a run may do at most.');

/** Hides the latency at the documented pace; each more is one more refusal when a bucket runs dry (decision 0060). */
export const CONCURRENCY = 18;

const throttle = z
  .strictObject({
    rate: z
      .union([z.enum(['documented', 'auto', 'unlimited']), z.number().positive().max(MAX_RATE)], {
        error: `must be documented, auto, unlimited, or a number of writes a second up to ${MAX_RATE}`,
      })
      .default('documented')
      .describe(
        'Writes a second to start from: documented (what Microsoft publishes), auto (found out by trying), or unlimited (for a rehearsal or a service on this computer); the pace follows the service from there. Or a number, which is never exceeded. Default: documented.',
      ),
    burst: z
      .int()
      .min(1)
      .optional()
      .describe('Writes that may leave at once after a pause. Left out: what goes with the rate.'),
    concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(CONCURRENCY)
      .describe(`Requests that may be under way at the same time, from 1 to 64. Default: ${CONCURRENCY}.`),
  })
  .describe('The pace of the requests.');

const GRAPH_MESSAGE =
  'must be emulator, global, usgov-l4, usgov-l5, china, or an https URL (http on this computer only) without credentials, query or fragment';

export const jobSchema = z
  .strictObject({
    name: z
      .string()
      .refine(
        (name) => NAME.test(name),
        'must be 1 to 64 letters, digits, - or _, starting with a letter or digit',
      )
      .meta(orReference('[A-Za-z0-9][A-Za-z0-9_-]{0,63}'))
      .describe(
        'The name of the job: 1 to 64 letters, digits, - or _. It is a part of run ids and report folders.',
      ),
    kind: z
      .enum(['onboarding', 'migration', 'audit'])
      .describe(
        'What the job is for. onboarding: create the tokens that are missing, and assign them to their users. migration: the same in waves, each verified before the next. audit: say what the tenant holds, and write nothing to it; manifests and assignments are then the list of what it should hold.',
      ),
    graph: z
      .union(
        [
          z.enum(['emulator', ...CLOUD_NAMES]),
          z.string().refine(isGraphUrl, GRAPH_MESSAGE).meta(orReference('https?://.+')),
        ],
        {
          error: GRAPH_MESSAGE,
        },
      )
      .describe(
        'Where Microsoft Graph is: emulator (a rehearsal on this computer, no tenant needed), global, usgov-l4, usgov-l5, china, or the URL of a Graph endpoint with its version.',
      ),
    credential: credentialSchema
      .default('default')
      .describe(
        'How to sign in. default: environment, workload or managed identity, Azure CLI, in turn. access-token: from OATHBATCH_ACCESS_TOKEN. Or one of the kinds. The emulator needs none. Default: default.',
      ),
    connection: connectionSchema.prefault({}),
    manifests: z
      .array(manifestSchema)
      .default([])
      .describe("The vendors' files. Without any, the job assigns tokens that the tenant holds already."),
    assignments: z
      .array(assignmentsSchema)
      .default([])
      .describe('Who shall hold which token. Tokens that nobody is assigned to stay in the inventory.'),
    leavers: z
      .array(leaversSchema)
      .default([])
      .describe('Users who leave: all their tokens are taken back into the inventory.'),
    create: createSchema.prefault({}),
    activation: activationSchema,
    mode: modeSchema,
    waves: wavesSchema.optional(),
    limits: limits.prefault({}),
    throttle: throttle.prefault({}),
    verify: z
      .strictObject({
        deadline: duration(86_400_000, '1d')
          .prefault('5m')
          .describe(
            'How long to wait, after the last write, for the lists of the tenant to show what was done. A duration, such as 90s. Default: 5m.',
          ),
      })
      .prefault({})
      .describe('The listing that proves the result.'),
    retry: z
      .strictObject({
        attempts: z
          .int()
          .min(1)
          .max(20)
          .default(5)
          .describe(
            'How often a request is tried before its row is given up, from 1 to 20. Answers of 429 do not count. Default: 5.',
          ),
      })
      .prefault({})
      .describe('What to do about errors that may pass.'),
    stop: z
      .strictObject({
        after: duration(30 * 86_400_000, '30d')
          .prefault('7d')
          .describe(
            'The longest that a run sends writes; it then stops and can be resumed. A duration, up to 30d. Default: 7d.',
          ),
        withoutProgress: duration(7 * 86_400_000, '7d')
          .prefault('1h')
          .describe(
            'A run stops, and can be resumed, when no write was answered for so long. Waits that the service asks for count. A duration, up to 7d. Default: 1h.',
          ),
      })
      .prefault({})
      .describe('When a run that only waits comes to an end.'),
    reports: z
      .strictObject({
        formats: z
          .array(z.enum(['csv', 'json', 'html', 'xlsx', 'junit']))
          .min(1)
          .default(['csv', 'json', 'html'])
          .describe(
            'The report files to write: csv (rows.csv and findings.csv), json (summary.json), html (report.html), xlsx (report.xlsx), junit (junit.xml). Default: csv, json and html. evidence.json is written always.',
          ),
        annotations: z
          .enum(['none', 'github', 'gitlab', 'azure'])
          .default('none')
          .describe(
            'Show rows and findings that need a person where the pipeline shows failures. github and azure: as lines on the screen; gitlab: as gl-code-quality-report.json. Default: none.',
          ),
        metrics: path
          .optional()
          .describe(
            "Where to write the run's figures for Prometheus (node-exporter's textfile collector reads *.prom), relative to the job file. Left out: nowhere.",
          ),
        signingKey: path
          .optional()
          .describe(
            'A PEM file with an Ed25519 private key, relative to the job file: evidence.json is signed with it. Left out: it is not signed.',
          ),
      })
      .prefault({})
      .describe('The reports of a run.'),
    findings: z
      .strictObject({
        unlisted: z
          .boolean()
          .default(false)
          .describe(
            'Whether tokens of the tenant that no row names are findings. For lists that are meant to be complete. Default: false.',
          ),
        notActivatedAfter: duration(3_650 * 86_400_000, '3650d')
          .optional()
          .describe(
            'A token that was assigned so long ago, as far as the ledger remembers, and is not activated is a finding. A duration, such as 14d. Left out: it is none.',
          ),
        oldMethods: z
          .boolean()
          .default(false)
          .describe(
            "Whether users of the files who have no hardware token registered as yet are findings, by the tenant's report of registered methods. It needs AuditLog.Read.All. Default: false.",
          ),
        unusedAfter: duration(3_650 * 86_400_000, '3650d')
          .optional()
          .describe(
            'For audits: a token that was last used so long ago is a finding. A duration, such as 180d. Left out: it is none.',
          ),
      })
      .prefault({})
      .describe('What of the tenant counts as a finding, beside what always does.'),
    rejects: rejectsSchema,
    digest: digestSchema,
    privacy: z
      .strictObject({
        users: z
          .enum(['full', 'id-only', 'hashed'])
          .default('full')
          .describe(
            'How users stand in the reports. full: by the names that the files give. id-only: by object id alone. hashed: by a hash that only this ledger can make again. Default: full.',
          ),
      })
      .prefault({})
      .describe('Personal data in the reports.'),
    emulator: z
      .strictObject({
        tenant: z
          .strictObject({
            tokens: z
              .enum(['in-inventory', 'absent', 'in-use'])
              .default('in-inventory')
              .describe(
                'What the rehearsal tenant holds at the start. in-inventory: the tokens of the manifests, assigned to nobody. absent: none of them. in-use: all of them, held and used by their users, with what years bring along; for audits. Default: in-inventory.',
              ),
          })
          .prefault({})
          .describe('The rehearsal tenant. It always has the users of the assignments.'),
        settings: emulatorSettingsSchema
          .prefault({})
          .describe('How the rehearsal Graph behaves: latency, throttling, faults. Default: quick and kind.'),
      })
      .prefault({})
      .describe('Read only when graph is emulator.'),
  })
  .refine(
    (job) => job.kind === 'audit' || job.manifests.length + job.assignments.length + job.leavers.length > 0,
    {
      message: 'name at least one file in manifests, assignments or leavers',
      path: ['manifests'],
    },
  )
  .refine((job) => (job.kind === 'migration') === (job.waves !== undefined), {
    message: 'belongs to kind: migration, and is required there; such as waves: { by: size, size: 500 }',
    path: ['waves'],
  })
  .refine((job) => job.waves?.step !== 'legacy' || job.waves.legacy === 'remove', {
    message: 'the step legacy needs legacy: remove',
    path: ['waves', 'step'],
  })
  .refine((job) => job.kind !== 'migration' || job.mode === 'additive', {
    message: 'must be additive in a migration: the rows of one wave are not the whole truth',
    path: ['mode'],
  });

export type JobSettings = z.output<typeof jobSchema>;
