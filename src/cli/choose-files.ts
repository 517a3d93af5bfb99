// Which files a job means: those that it names, and those that its patterns find. A file that a run of the job has
// carried out before is recognised by its content, wherever it lies and whatever it is called now.

import { dirname, posix } from 'node:path';
import { OperationError, type Problem } from '../errors.js';
import type { Job } from '../job/job.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import { FileRefusal } from '../manifest/file-refusal.js';
import type { AssignmentsSource, ManifestSource } from '../manifest/load.js';
import { filesLike, isPattern } from '../manifest/load-folder.js';
import { SETTLED_VERDICTS } from '../reconcile/verdict.js';
import { readStoredReport } from '../report/stored-report.js';

/** The files of a job, patterns replaced by what they have found. */
export interface ChosenFiles {
  readonly manifests: readonly ManifestSource[];
  readonly assignments: readonly AssignmentsSource[];
  /** Files that patterns have found and that were carried out before. */
  readonly before: number;
  /** There are patterns, and everything that they have found was carried out before. */
  readonly nothingNew: boolean;
}

type Role = 'manifest' | 'assignments';

interface Found {
  /** The pattern, as the job has it. */
  readonly pattern: string;
  readonly role: Role;
  /** As it is shown. */
  readonly path: string;
  readonly absolutePath: string;
  readonly sha256: string;
}

/** What is left of a pattern's finds, by role. */
type Keep = (found: readonly Found[]) => ReadonlyMap<Found, 'new' | 'known'>;

/** Every file that the patterns find. */
export function everyFile(job: Job): Promise<ChosenFiles> {
  return choose(job, (found) => new Map(found.map((file) => [file, 'new'])));
}

/** The files that no run of the job on this endpoint has carried out, and the manifests that they may need. */
export async function newFiles(job: Job, graph: string, ledger: Ledger): Promise<ChosenFiles> {
  const all = await everyFile(job);
  if (!hasPatterns(job)) return all;
  const done = await carriedOut(ledger, job.name, graph);
  return choose(job, (found) => {
    const asks =
      job.assignments.some(isNamed) ||
      found.some((file) => file.role === 'assignments' && !done.has(keyOf(file)));
    const kept = new Map<Found, 'new' | 'known'>();
    for (const file of found) {
      if (!done.has(keyOf(file))) kept.set(file, 'new');
      else if (asks && file.role === 'manifest') kept.set(file, 'known');
    }
    return kept;
  });
}

/** The files that a run began with: a run is carried on with them, whatever has come since. */
export function filesOf(run: RunRecord, job: Job): Promise<ChosenFiles> {
  const began = new Set(run.inputs.map((input) => `${input.role} ${input.path}`));
  return choose(job, (found) => {
    const kept = new Map<Found, 'new' | 'known'>();
    for (const file of found) {
      if (began.has(`${file.role} ${file.path}`)) kept.set(file, 'new');
      else if (began.has(`known-${file.role} ${file.path}`)) kept.set(file, 'known');
    }
    return kept;
  });
}

function keyOf({ role, sha256 }: { readonly role: string; readonly sha256: string }): string {
  return `${role} ${sha256}`;
}

const isNamed = ({ path }: { readonly path: string }): boolean => !isPattern(path);

function hasPatterns(job: Job): boolean {
  return [...job.manifests, ...job.assignments].some(({ path }) => isPattern(path));
}

async function choose(job: Job, keep: Keep): Promise<ChosenFiles> {
  if (job.mode === 'exact' && hasPatterns(job)) throw notExact(job);
  if (job.waves !== undefined && hasPatterns(job)) throw notInWaves(job);
  const problems: Problem[] = [];
  const find = async (role: Role, sources: readonly AssignmentsSource[]): Promise<readonly Found[]> => {
    const found: Found[] = [];
    for (const { path, absolutePath } of sources.filter((source) => !isNamed(source))) {
      try {
        for (const file of await filesLike(absolutePath ?? path)) {
          const { sha256 } = file;
          const shown = posix.join(dirname(path), file.name);
          found.push({ pattern: path, role, path: shown, absolutePath: file.absolutePath, sha256 });
        }
      } catch (error) {
        if (!(error instanceof FileRefusal)) throw error;
        for (const trouble of error.troubles) problems.push({ file: path, ...trouble });
      }
    }
    return found;
  };
  const found = [...(await find('manifest', job.manifests)), ...(await find('assignments', job.assignments))];
  if (problems.length > 0) throw unreadable(problems);
  const distinct = firstOfEach(found);
  const kept = keep(distinct);
  const replaced = <Source extends AssignmentsSource>(
    role: Role,
    source: Source,
  ): readonly (Source & { readonly known?: boolean })[] => {
    if (isNamed(source)) return [source];
    return [...kept].flatMap(([file, state]) =>
      file.role === role && file.pattern === source.path
        ? [
            {
              ...source,
              path: file.path,
              absolutePath: file.absolutePath,
              ...(state === 'known' ? { known: true } : {}),
            },
          ]
        : [],
    );
  };
  const fresh = [...kept.values()].filter((state) => state === 'new').length;
  return {
    manifests: job.manifests.flatMap((source) => replaced('manifest', source)),
    assignments: job.assignments.flatMap((source) => replaced('assignments', source)),
    before: found.length - fresh,
    nothingNew: hasPatterns(job) && fresh === 0 && ![...job.manifests, ...job.assignments].some(isNamed),
  };
}

/** Two files with one content are one file. */
function firstOfEach(found: readonly Found[]): readonly Found[] {
  const seen = new Set<string>();
  return found.filter((file) => {
    const isFirst = !seen.has(keyOf(file));
    seen.add(keyOf(file));
    return isFirst;
  });
}

/**
 * What runs of a job have carried out on an endpoint: a file is done when a run that came to its end has left every
 * row of it as it should be. Runs that wrote nothing because they only looked count as well: the rows were so.
 */
async function carriedOut(ledger: Ledger, job: string, graph: string): Promise<ReadonlySet<string>> {
  const done = new Set<string>();
  for (const run of await ledger.runs()) {
    if (run.job !== job || run.graph !== graph || run.kind === 'audit' || run.state !== 'finished') continue;
    if (run.inputs.every((input) => done.has(keyOf(input)))) continue;
    const open = run.exitCode === 0 ? undefined : await openFiles(ledger, run);
    for (const input of run.inputs) if (open?.has(input.path) !== true) done.add(keyOf(input));
  }
  return done;
}

/** The files of which a run has left a row as it should not be. */
async function openFiles(ledger: Ledger, run: RunRecord): Promise<ReadonlySet<string>> {
  const every = new Set(run.inputs.map(({ path }) => path));
  const conclusion = await ledger.conclusion(run.id);
  if (conclusion === undefined) return every;
  const stored = readStoredReport({ report: conclusion.report, rows: conclusion.records });
  if ('wrong' in stored) return every;
  const open = new Set(
    stored.rows.flatMap(({ verdict, file }) => (SETTLED_VERDICTS.has(verdict) ? [] : [file])),
  );
  // A row stands under its manifest's name, and the line of the assignments that it was joined with is as open.
  const joined = run.inputs.some(({ role, path }) => role !== 'assignments' && open.has(path));
  for (const { role, path } of run.inputs) if (joined && role === 'assignments') open.add(path);
  return open;
}

/** The files of one night are not all that the tenant shall hold: everybody else's tokens would be taken back. */
function notExact(job: Job): OperationError {
  return new OperationError({
    code: 'job-invalid',
    what: `${job.file} has mode: exact, and names files by a pattern.`,
    data: 'Nothing was sent.',
    next: 'Name the complete list by its name, or leave mode out.',
  });
}

/** A file that comes or goes between two waves would move rows from wave to wave, and some into none. */
function notInWaves(job: Job): OperationError {
  return new OperationError({
    code: 'job-invalid',
    what: `${job.file} is a migration in waves, and names files by a pattern: a file that came between two waves would move rows from one wave into another.`,
    data: 'Nothing was sent.',
    next: 'Name each file; for files that come every night, use kind: onboarding.',
  });
}

function unreadable(problems: readonly Problem[]): OperationError {
  return new OperationError({
    code: 'input-unreadable',
    what: 'Files that the job describes by a pattern cannot be read.',
    data: 'Nothing was sent.',
    next: 'Put the folder right, then give the same command again.',
    problems,
  });
}
