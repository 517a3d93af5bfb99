// The first sentence of a report and the command under it, for every way in which a run can end.

import { describe, expect, it } from 'vitest';

import type { Finding, Verdict } from '../../src/reconcile/verdict.js';
import { headline, nextStep } from '../../src/report/headline.js';
import type { ReportInput } from '../../src/report/model.js';
import type { RunSummary } from '../../src/report/summary.js';
import { reportOf, sampleRow } from './sample-report.js';

const FINDING: Finding = {
  kind: 'hash-mismatch',
  serialNumber: '1',
  deviceId: 'd',
  detail: 'D.',
  next: 'N.',
};

function report(
  verdicts: readonly Verdict[],
  changes: Partial<RunSummary> = {},
  findings: readonly Finding[] = [],
): ReportInput {
  return reportOf(
    verdicts.map((verdict, n) => sampleRow({ n, line: n + 2, verdict })),
    findings,
    changes,
  );
}

function told(input: ReportInput): readonly (string | undefined)[] {
  const { tone, sentence } = headline(input);
  return [tone, sentence, nextStep(input)?.command];
}

describe('the headline', () => {
  it('of a run in which all is well says so, and names no command', () => {
    expect(told(report(['activated', 'assigned', 'in-inventory']))).toEqual([
      'good',
      'All 3 rows are as they should be.',
      undefined,
    ]);
    expect(told(report(['activated']))).toEqual(['good', 'The one row is as it should be.', undefined]);
    expect(told(report([]))).toEqual([
      'good',
      'Finished: there were no rows to work on, and nothing needs a person.',
      undefined,
    ]);
  });

  it('counts what was so before the run', () => {
    expect(told(report(['activated', 'assigned', 'assigned'], { already: 2 }))[1]).toBe(
      'All 3 rows are as they should be; 2 were so before the run.',
    );
    expect(told(report(['activated', 'assigned'], { already: 2 }))[1]).toBe(
      'All 2 rows are as they should be, and were so before the run.',
    );
  });

  it('of a run with rows that need a person counts them, and says to run again', () => {
    expect(told(report(['activated', 'conflict', 'rejected', 'unknown']))).toEqual([
      'attention',
      'Finished, and 3 rows need a person; 1 of 4 rows is as it should be.',
      'oathbatch run jobs/onboarding.yaml',
    ]);
    expect(told(report(['invalid'], { jobFile: 'my jobs/berlin.yaml' }))[2]).toBe(
      'oathbatch run "my jobs/berlin.yaml"',
    );
  });

  it('of a run where only unknown rows are left says to verify', () => {
    expect(told(report(['activated', 'unknown']))[2]).toBe('oathbatch verify jobs/onboarding.yaml');
  });

  it('of a run with findings alone counts them', () => {
    expect(told(report(['activated', 'activated'], {}, [FINDING]))).toEqual([
      'attention',
      'Finished, and 1 finding needs a person; all 2 rows are as they should be.',
      'oathbatch verify jobs/onboarding.yaml',
    ]);
    expect(told(report(['activated'], {}, [FINDING, FINDING]))[1]).toBe(
      'Finished, and 2 findings need a person; the one row is as it should be.',
    );
  });

  it('of an audit speaks of tokens, and says to audit again', () => {
    expect(told(report([], { kind: 'audit', exitCode: 3 }, [FINDING, FINDING]))).toEqual([
      'attention',
      'The tenant holds no tokens, and 2 findings need a person.',
      'oathbatch audit jobs/onboarding.yaml',
    ]);
    expect(told(report([], { kind: 'audit', exitCode: 1 }))[1]).toBe('The run failed before its end.');
  });

  it('of a run that was stopped says what is settled, and how to resume', () => {
    const input = report(['activated', 'unsent', 'unsent', 'conflict'], { interrupted: true, exitCode: 130 });
    expect(told(input)).toEqual([
      'stopped',
      'The run was stopped before its end: 1 of 4 rows is settled, 2 rows were not sent, 1 row needs a person.',
      'oathbatch resume 20261122T090412Z-7f3a',
    ]);
  });

  it('of a run that failed says so, and how to resume', () => {
    expect(told(report(['unsent'], { exitCode: 1 }))).toEqual([
      'failed',
      'The run failed before its end: 0 of 1 row is settled, 1 row was not sent.',
      'oathbatch resume 20261122T090412Z-7f3a',
    ]);
  });

  it('of a plan that a safety limit refused says that nothing was sent', () => {
    expect(told(report(['unsent', 'unsent'], { exitCode: 4 }))).toEqual([
      'failed',
      'A safety limit refused the plan, and nothing was sent.',
      'oathbatch plan jobs/onboarding.yaml',
    ]);
  });

  it('names the job file as JOB where the run does not know it', () => {
    const { summary, rows, findings } = report(['conflict']);
    const { jobFile: _unknown, ...rest } = summary;
    expect(nextStep({ summary: rest, rows, findings })?.command).toBe('oathbatch run JOB');
  });
});
