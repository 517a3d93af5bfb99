// Walks test/cases/job: each NAME.yaml is a job file, and NAME.json says what must come of it.

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatProblem, OperationError } from '../../src/errors.js';
import { loadJob } from '../../src/job/load-job.js';

const CASES = join(import.meta.dirname, '../cases/job');

const caseSchema = z.strictObject({
  promise: z.string(),
  environment: z.record(z.string(), z.string()).default({}),
  set: z.array(z.string()).default([]),
  /** As they are printed. Files stand without their folder. */
  problems: z.array(z.string()).optional(),
  /** What the job must hold, as JSON; keys that are left out are not looked at. */
  job: z.record(z.string(), z.json()).optional(),
});

describe('job files', () => {
  for (const file of readdirSync(CASES).filter((name) => name.endsWith('.yaml'))) {
    const name = basename(file, '.yaml');
    const expected = caseSchema.parse(JSON.parse(readFileSync(join(CASES, `${name}.json`), 'utf8')));
    const load = () => loadJob(join(CASES, file), { environment: expected.environment, set: expected.set });

    it(`${name}: ${expected.promise}`, async () => {
      if (expected.problems === undefined) {
        const job: unknown = JSON.parse(JSON.stringify(await load()));
        expect(job).toMatchObject(expected.job ?? {});
        expect(JSON.stringify(job)).not.toContain('canary');
        return;
      }
      const error: unknown = await load().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(OperationError);
      if (!(error instanceof OperationError)) return;
      const problems = error.problems.map((problem) =>
        formatProblem({ ...problem, file: basename(problem.file) }),
      );
      expect(problems).toEqual(expected.problems);
      expect(error.code).toBe('job-invalid');
      expect(problems.join()).not.toContain('canary');
    });
  }
});
