// Reads a job file into a Job. It looks at no other file: whether manifests are there is found out when they
// are read.

import { readFile } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { invariant, OperationError, type Problem } from '../errors.js';
import { Secret } from '../secret.js';
import { complaintsOf } from './complaints.js';
import { toCredential } from './credential.js';
import { ENVIRONMENT_REFERENCE, type Environment, expandEnvironment } from './environment.js';
import { graphTarget } from './graph-target.js';
import { given, toAssignments, toLeavers, toManifest } from './inputs.js';
import type { Job, NamedFile } from './job.js';
import { effectiveHash, secretsIn } from './job-hash.js';
import { applyOverride, type Override, parseOverride } from './overrides.js';
import { type JobSettings, jobSchema } from './schema.js';
import { type KeyPath, type Place, YamlSource } from './yaml-source.js';

export interface LoadJobOptions {
  /** Where `${NAME}` is looked up. */
  readonly environment: Environment;
  /** `key=value` arguments, applied in order. */
  readonly set?: readonly string[];
}

/**
 * Reads a job file, with overrides and references to the environment, into a job that is ready to run.
 *
 * @throws {OperationError} `job-invalid`, with every problem that was found and its place.
 *
 * @example
 * const job = await loadJob('jobs/onboarding.yaml', {
 *   environment: process.env,
 *   set: ['throttle.concurrency=4'],
 * });
 */
export async function loadJob(path: string, options: LoadJobOptions): Promise<Job> {
  const file = shown(path);
  const source = new YamlSource(file, await readText(path, file));
  refuseIfAny(file, source.problems);

  const overrides = readOverrides(file, options.set ?? []);
  const written = overrides.reduce(
    (value, override) => applyOverride(value, override.path, override.value),
    source.value,
  );
  if (written === null || written === undefined) {
    refuseIfAny(file, [{ file, line: 1, message: 'the job file is empty' }]);
  }

  const locate = locator(file, source, overrides);
  const expanded = expandEnvironment(written, options.environment);
  const problems: Problem[] = expanded.troubles.map(({ path: at, message }) => locate(at, message, false));
  problems.push(...literalSecret(written, locate));

  const parsed = jobSchema.safeParse(expanded.value);
  if (!parsed.success) {
    const troubled = new Set(expanded.troubles.map((trouble) => trouble.path.join('.')));
    for (const complaint of complaintsOf(parsed.error, expanded.value)) {
      // A reference that could not be replaced was named already.
      if (troubled.has(complaint.path.join('.'))) continue;
      problems.push(locate(complaint.path, complaint.message, complaint.aboutKey));
    }
  }
  refuseIfAny(file, problems.sort(inReadingOrder(overrides)));
  invariant(parsed.success, 'a job was refused without a problem');
  return toJob(file, path, parsed.data, effectiveHash(written, expanded.value));
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a directory',
  EACCES: 'this account may not read it',
};

async function readText(path: string, file: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw refusal(file, [{ file, message: UNREADABLE[code] ?? `cannot be read (${code})` }]);
  }
}

function readOverrides(file: string, set: readonly string[]): readonly Override[] {
  const overrides: Override[] = [];
  const problems: Problem[] = [];
  for (const argument of set) {
    const override = parseOverride(argument);
    if (typeof override === 'string') problems.push({ file: '--set', message: override });
    else overrides.push(override);
  }
  refuseIfAny(file, problems);
  return overrides;
}

/** The overrides as they were given, then the file from top to bottom. */
function inReadingOrder(overrides: readonly Override[]): (one: Problem, other: Problem) => number {
  const position = ({ file, line }: Problem): number =>
    line ?? overrides.findIndex((override) => override.shown === file) - overrides.length;
  return (one, other) => position(one) - position(other) || (one.column ?? 0) - (other.column ?? 0);
}

type Locate = (path: KeyPath, message: string, aboutKey: boolean) => Problem;

/** Says where a key was written: in an override, or on a line of the file. */
function locator(file: string, source: YamlSource, overrides: readonly Override[]): Locate {
  return (path, message, aboutKey) => {
    const override = overrides.findLast((one) => one.path.every((key, index) => path[index] === key));
    const key = path.join('.');
    const named = key === '' ? {} : { key };
    if (override !== undefined) return { file: override.shown, ...named, message };
    const place: Place = aboutKey ? source.placeOfKey(path) : source.placeOf(path);
    return { file, ...place, ...named, message };
  };
}

/** A secret in a file is a secret in backups, mails and version control. */
function literalSecret(written: unknown, locate: Locate): readonly Problem[] {
  return secretsIn(written)
    .filter(({ written: secret }) => !(typeof secret === 'string' && ENVIRONMENT_REFERENCE.test(secret)))
    .map(({ path }) => locate(path, literalMessage(path), false));
}

function literalMessage([key]: KeyPath): string {
  const reference = 'must be a reference to an environment variable, such as';
  if (key === 'credential') return `${reference} \${ENTRA_CLIENT_SECRET}`;
  if (key === 'digest') return `${reference} \${OATHBATCH_WEBHOOK}`;
  return `${reference} \${SEED_PASSWORD}, or { file: … }`;
}

function toJob(file: string, path: string, settings: JobSettings, sha256: string): Job {
  const folder = dirname(resolve(path));
  // `-` is standard input wherever the job file is.
  const located = (written: string) => ({
    path: shown(written),
    absolutePath: written === '-' ? written : resolve(folder, written),
  });
  const { throttle, verify } = settings;
  return {
    file,
    sha256,
    name: settings.name,
    kind: settings.kind,
    graph: graphTarget(settings.graph),
    credential: toCredential(settings.credential, located),
    connection: toConnection(settings.connection, located),
    manifests: settings.manifests.map((manifest) => toManifest(manifest, located)),
    assignments: settings.assignments.map((list) => toAssignments(list, located)),
    leavers: settings.leavers.map((list) => toLeavers(list, located)),
    activation: settings.activation,
    mode: settings.mode,
    ...(settings.waves === undefined ? {} : { waves: wavesIn(settings.waves) }),
    limits: settings.limits,
    throttle: {
      rate: throttle.rate,
      concurrency: throttle.concurrency,
      ...(throttle.burst === undefined ? {} : { burst: throttle.burst }),
    },
    verify: { deadlineMs: verify.deadline },
    retry: settings.retry,
    stop: { afterMs: settings.stop.after, withoutProgressMs: settings.stop.withoutProgress },
    create: settings.create,
    reports: {
      formats: [...new Set(settings.reports.formats)],
      annotations: settings.reports.annotations,
      ...(settings.reports.metrics === undefined ? {} : { metrics: located(settings.reports.metrics) }),
      ...(settings.reports.signingKey === undefined
        ? {}
        : { signingKey: located(settings.reports.signingKey) }),
    },
    findings: {
      unlisted: settings.findings.unlisted,
      oldMethods: settings.findings.oldMethods,
      ...(settings.findings.notActivatedAfter === undefined
        ? {}
        : { notActivatedAfterMs: settings.findings.notActivatedAfter }),
      ...(settings.findings.unusedAfter === undefined
        ? {}
        : { unusedAfterMs: settings.findings.unusedAfter }),
    },
    ...(settings.digest === undefined ? {} : { digest: { webhook: new Secret(settings.digest.webhook) } }),
    rejects: settings.rejects,
    privacy: settings.privacy,
    emulator: settings.emulator,
  };
}

function toConnection(
  { ca, authority, scope }: JobSettings['connection'],
  located: (path: string) => NamedFile,
): Job['connection'] {
  return {
    ...(ca === undefined ? {} : { ca: located(ca) }),
    ...given({ authority: authority?.replace(/\/$/, ''), scope }),
  };
}

/** Paths are shown with forward slashes on every system. */
function shown(path: string): string {
  return sep === '\\' ? path.replaceAll('\\', '/') : path;
}

function refuseIfAny(file: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw refusal(file, problems);
}

function refusal(file: string, problems: readonly Problem[]): OperationError {
  return new OperationError({
    code: 'job-invalid',
    what: `The job file ${file} cannot be used.`,
    data: 'Nothing was sent.',
    next: 'Put it right, then give the same command again. docs/job-file.md lists every key.',
    problems,
  });
}

function wavesIn({ last, ...waves }: NonNullable<JobSettings['waves']>): NonNullable<Job['waves']> {
  return last === undefined ? waves : { ...waves, last };
}
