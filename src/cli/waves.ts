// Carries a migration from wave to wave: each is a run of its own, with its own plan, reports and way back. Where it
// is stopped it can be carried on, for each run remembers the wave that it began with as an override of the job.

import { z } from 'zod';
import { EXIT, type ExitCode, invariant, OperationError } from '../errors.js';
import type { Job } from '../job/job.js';
import { openLedger } from '../ledger/sqlite.js';
import type { Desired } from '../manifest/row.js';
import { allowedRows } from '../plan/limits.js';
import { wavesOf } from '../plan/waves.js';
import { SETTLED_VERDICTS, VERDICTS } from '../reconcile/verdict.js';
import type { Context } from './common.js';
import type { Inputs } from './prepare.js';

/** The rows of the wave that a job is at; all rows of a job that has no waves. */
export function wavePart(job: Job, files: Desired, context: Context): Desired {
  if (job.waves === undefined) return files;
  const waves = wavesOf(files.rows, job.waves);
  const { first, last = waves.length } = job.waves;
  const wave = waves[first - 1];
  if (wave === undefined || last < first) throw noSuchWave(first, last, waves.length);
  const step = job.waves.step === 'legacy' ? ', registrations of older uploads' : '';
  context.screen.say(`Wave ${first} of ${waves.length}: ${wave.name}, ${wave.rows.length} rows${step}`);
  return { ...files, rows: wave.rows };
}

function noSuchWave(first: number, last: number, count: number): OperationError {
  return new OperationError({
    code: 'job-invalid',
    what: `The job begins with wave ${first} and ends with wave ${last}, and the files make ${count}.`,
    data: 'Nothing was sent.',
    next: 'Correct waves.first and waves.last in the job file, or the --set that overrides them.',
  });
}

export interface WaveSteps {
  /** Reads the job anew with these overrides. */
  readonly read: (overrides: readonly string[]) => Promise<Inputs>;
  /** Plans, applies, verifies and reports one wave. */
  readonly run: (inputs: Inputs, overrides: readonly string[]) => Promise<ExitCode>;
}

/**
 * Carries out a wave and those behind it.
 *
 * @param ended - how the wave that `inputs` is at has ended, when it was carried out already.
 * @returns the exit code of the wave that stopped the migration; else 3 when any wave needs a person, else 0.
 */
export async function runWaves(
  inputs: Inputs,
  overrides: readonly string[],
  steps: WaveSteps,
  context: Context,
  ended?: ExitCode,
): Promise<ExitCode> {
  let at = inputs;
  let worst: ExitCode = EXIT.ok;
  let outcome = ended;
  for (;;) {
    const { waves } = at.job;
    invariant(waves !== undefined, 'a migration has waves');
    const set = setTo(overrides, waves);
    outcome ??= await steps.run(at, set);
    if (outcome !== EXIT.ok && outcome !== EXIT.needsPerson) return outcome;
    if (outcome === EXIT.needsPerson) {
      worst = outcome;
      const failed = await failedRows(at.job.name, context);
      if (failed > allowedRows(waves.maxFailed, at.desired.rows.length)) {
        context.screen.say(
          `The migration stops behind wave ${waves.first}: ${failed} of its ${at.desired.rows.length} rows need a person, and waves.maxFailed allows fewer. Mend them and run the job again; what is done is not touched.`,
        );
        return worst;
      }
    }
    if (waves.legacy === 'remove' && waves.step === 'tokens') {
      at = await steps.read(setTo(overrides, { ...waves, step: 'legacy' }));
      outcome = undefined;
      continue;
    }
    const last = Math.min(waves.last ?? Number.POSITIVE_INFINITY, wavesOf(at.files.rows, waves).length);
    if (waves.first >= last) return worst;
    at = await steps.read(setTo(overrides, { ...waves, first: waves.first + 1, step: 'tokens' }));
    outcome = undefined;
  }
}

/** The overrides that make the job be at a wave, and at a step of it where there are two. */
function setTo(
  overrides: readonly string[],
  { first, step, legacy }: Pick<NonNullable<Job['waves']>, 'first' | 'step' | 'legacy'>,
): readonly string[] {
  const others = overrides.filter((one) => !/^waves\.(first|step)=/.test(one));
  return [...others, `waves.first=${first}`, ...(legacy === 'leave' ? [] : [`waves.step=${step}`])];
}

const concluded = z.object({ summary: z.object({ verdicts: z.record(z.string(), z.number()) }) });

/** Rows of the job's newest run that need a person. */
async function failedRows(job: string, { options }: Context): Promise<number> {
  const ledger = openLedger(options.state);
  try {
    const run = (await ledger.runs()).find((one) => one.job === job);
    const conclusion = run === undefined ? undefined : await ledger.conclusion(run.id);
    invariant(conclusion !== undefined, 'a wave that has ended is concluded');
    const { verdicts } = concluded.parse(JSON.parse(conclusion.report)).summary;
    const open = VERDICTS.filter((verdict) => !SETTLED_VERDICTS.has(verdict));
    return open.reduce((sum, verdict) => sum + (verdicts[verdict] ?? 0), 0);
  } finally {
    await ledger.close();
  }
}
