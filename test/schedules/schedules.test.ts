// The ready schedules: their command lines are ones that the command takes, their jobs exist, and their containers
// may not write where they need not. No scheduler is started here.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { createProgram } from '../../src/cli/program.js';
import { loadJob } from '../../src/job/load-job.js';

const at = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const text = (name: string): string => readFileSync(at(name), 'utf8');
const schedule = (name: string): string => text(`jobs/schedules/${name}`);
const documents = (name: string): readonly unknown[] =>
  parseAllDocuments(schedule(name)).map((document) => {
    expect(document.errors).toEqual([]);
    const value: unknown = document.toJS();
    return value;
  });

const cron = z.string().regex(/^[0-5]?\d ([01]?\d|2[0-3]) \* \* \*$/);
const args = z.array(z.string());

const cronJob = z.object({
  apiVersion: z.literal('batch/v1'),
  kind: z.literal('CronJob'),
  spec: z.object({
    schedule: cron,
    concurrencyPolicy: z.literal('Forbid'),
    jobTemplate: z.object({
      spec: z.object({
        backoffLimit: z.literal(0),
        template: z.object({
          metadata: z.object({ labels: z.object({ 'azure.workload.identity/use': z.literal('true') }) }),
          spec: z.object({
            serviceAccountName: z.literal('oathbatch'),
            restartPolicy: z.literal('Never'),
            securityContext: z.object({ runAsNonRoot: z.literal(true) }),
            containers: z.tuple([
              z.object({
                args,
                securityContext: z.object({
                  allowPrivilegeEscalation: z.literal(false),
                  readOnlyRootFilesystem: z.literal(true),
                }),
              }),
            ]),
          }),
        }),
      }),
    }),
  }),
});

const workflow = z.object({
  on: z.object({ schedule: z.tuple([z.object({ cron })]) }),
  permissions: z.object({ 'id-token': z.literal('write') }),
  jobs: z.object({ nightly: z.object({ steps: z.tuple([z.object({ run: z.string() })]) }) }),
});

const containerApp = z.object({
  properties: z.object({
    configuration: z.object({
      triggerType: z.literal('Schedule'),
      scheduleTriggerConfig: z.object({ cronExpression: cron, parallelism: z.literal(1) }),
    }),
    template: z.object({ containers: z.tuple([z.object({ args })]) }),
  }),
});

/** The words after `oathbatch` in a line of a shell or a unit. */
function wordsIn(line: string): readonly string[] {
  return (/\boathbatch (run .*)$/m.exec(line)?.[1] ?? '').split(' ');
}

function expectTaken([name, job = '', ...options]: readonly string[]): void {
  const command = createProgram(() => undefined).commands.find((one) => one.name() === name);
  expect(command, `the command ${name}`).toBeDefined();
  expect(existsSync(at(`jobs/schedules/${basename(job)}`)), job).toBe(true);
  expect(command?.parseOptions([...options])).toEqual({ operands: [], unknown: [] });
  expect(options).toContain('--yes');
}

it('gives command lines that the command takes, for jobs that are there', () => {
  expectTaken(wordsIn(schedule('crontab')));
  expectTaken(wordsIn(schedule('oathbatch.service')));
  for (const document of documents('github-actions.yaml')) {
    expectTaken(wordsIn(workflow.parse(document).jobs.nightly.steps[0].run));
  }
  for (const document of documents('container-apps.yaml')) {
    expectTaken(containerApp.parse(document).properties.template.containers[0].args);
  }
});

it('lets the container in Kubernetes write nowhere but into its volumes, and never as root', () => {
  const all = documents('kubernetes.yaml');
  expect(all).toHaveLength(3);
  const { spec } = cronJob.parse(all[2]).spec.jobTemplate.spec.template;
  expectTaken(spec.containers[0].args);
});

it('names a time for each schedule', () => {
  const [line = ''] = schedule('crontab')
    .split('\n')
    .filter((one) => /^\d/.test(one));
  expect(cron.safeParse(line.split(' ').slice(0, 5).join(' ')).success).toBe(true);
  expect(schedule('oathbatch.timer')).toMatch(/^OnCalendar=\*-\*-\* \d\d:\d\d:\d\d$/m);
});

/** What systemd itself says of the units; elsewhere than on Linux there is nobody to ask. */
it.runIf(process.platform === 'linux')('has units that systemd takes, without a warning', () => {
  const folder = mkdtempSync(join(tmpdir(), 'oathbatch-units-'));
  try {
    // The program is where it is installed, and not on the computer of the tests.
    const service = schedule('oathbatch.service').replaceAll('/usr/local/bin/oathbatch', '/bin/true');
    expect(service).toContain('/bin/true run');
    const timer = schedule('oathbatch.timer');
    writeFileSync(join(folder, 'oathbatch.service'), service);
    writeFileSync(join(folder, 'oathbatch.timer'), timer);
    const units = ['oathbatch.service', 'oathbatch.timer'].map((name) => join(folder, name));
    const verified = spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' });
    expect([verified.status, verified.stdout, verified.stderr]).toEqual([0, '', '']);
    const [, time = ''] = /^OnCalendar=(.*)$/m.exec(timer) ?? [];
    const calendar = spawnSync('systemd-analyze', ['calendar', time], { encoding: 'utf8' });
    expect(calendar.status, calendar.stderr).toBe(0);
    // A unit that is wrong would not pass.
    writeFileSync(join(folder, 'oathbatch.timer'), timer.replace('OnCalendar=', 'OnCalendar=never '));
    expect(spawnSync('systemd-analyze', ['verify', ...units], { encoding: 'utf8' }).stderr).not.toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('has a job that loads as it stands', async () => {
  expect((await loadJob(at('jobs/schedules/nightly.yaml'), { environment: {} })).name).toBe('nightly');
});

it('builds the image in a stage of its own, from files that are there, and leaves root', () => {
  const lines = text('Dockerfile').split('\n');
  expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
  expect(lines.findLast((line) => line.startsWith('USER '))).toBe('USER 1000:1000');
  const copied = lines.flatMap((line) =>
    line.startsWith('COPY ') && !line.includes('--from') ? line.split(' ').slice(1, -1) : [],
  );
  // Nothing comes in from outside that an image would keep: no argument of the build, and one setting.
  expect(lines.filter((line) => /^(ARG|ADD|ENV) /.test(line))).toEqual(['ENV NODE_ENV=production']);
  const allowed = text('.dockerignore').split('\n');
  for (const path of copied) {
    expect(existsSync(at(path)), path).toBe(true);
    expect(allowed).toContain(`!${path}`);
  }
});
