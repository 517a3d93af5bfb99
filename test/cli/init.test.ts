// What `oathbatch init` writes: every combination of answers is a job that the loader takes, and that says what
// was answered.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import {
  ACTIVATIONS,
  type Answers,
  CREDENTIALS,
  GRAPHS,
  jobTemplate,
  KINDS,
} from '../../src/cli/job-template.js';
import { graphTarget } from '../../src/job/graph-target.js';
import type { Job } from '../../src/job/job.js';
import { loadJob } from '../../src/job/load-job.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-init-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(text: string): Promise<Job> {
  const path = join(folder, 'job.yaml');
  writeFileSync(path, text);
  return loadJob(path, { environment: { ENTRA_CLIENT_SECRET: 'made-up' } });
}

const plain: Answers = {
  name: 'trial',
  kind: 'onboarding',
  graph: 'global',
  credential: 'default',
  tenantId: 'contoso.example',
  clientId: '00000000-0000-0000-0000-000000000000',
  manifest: 'tokens.csv',
  assignments: 'assignments.csv',
  activation: 'user',
};

const combinations = KINDS.flatMap((kind) =>
  GRAPHS.flatMap((graph) => CREDENTIALS.map((credential) => ({ kind, graph, credential }))),
);

it.each(combinations)('writes a job that loads: $kind, $graph, $credential', async (chosen) => {
  for (const activation of ACTIVATIONS) {
    for (const manifest of ['tokens.csv', undefined]) {
      for (const assignments of ['assignments.csv', undefined]) {
        if (chosen.kind !== 'audit' && manifest === undefined && assignments === undefined) continue;
        const job = await load(jobTemplate({ ...plain, ...chosen, activation, manifest, assignments }));
        expect(job.kind).toBe(chosen.kind);
        expect(job.graph).toEqual(graphTarget(chosen.graph));
        expect(job.credential.kind).toBe(chosen.credential);
        expect(job.manifests.map(({ path }) => path)).toEqual(manifest === undefined ? [] : [manifest]);
        expect(job.assignments.map(({ path }) => path)).toEqual(
          assignments === undefined ? [] : [assignments],
        );
        if (chosen.kind !== 'audit') expect(job.activation).toBe(activation);
      }
    }
  }
});

it.each([
  '2026',
  'yes',
  'null',
  '1e3',
  'a: b',
  'with blank.csv',
  '#1.csv',
  "it's.csv",
  '*.csv',
  '.5',
  '"x"',
  '-',
])('keeps a text that YAML would take for something else: %s', async (text) => {
  const job = await load(jobTemplate({ ...plain, manifest: text }));
  expect(job.manifests.map(({ path }) => path)).toEqual([text]);
});

it('keeps a name that is a number', async () => {
  expect((await load(jobTemplate({ ...plain, name: '2026' }))).name).toBe('2026');
});
