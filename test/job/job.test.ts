// The parts of the job stage that a case file shows badly: properties, and files that have to agree.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { closest } from '../../src/job/did-you-mean.js';
import { expandEnvironment } from '../../src/job/environment.js';
import { graphTarget, isGraphUrl } from '../../src/job/graph-target.js';
import { jobJsonSchemaText, knownKeys } from '../../src/job/json-schema.js';
import { loadJob } from '../../src/job/load-job.js';
import { applyOverride } from '../../src/job/overrides.js';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'oathbatch-job-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function jobFile(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const SMALLEST = 'name: test\nkind: onboarding\ngraph: global\nmanifests: [{ path: a.csv }]\n';
const hashOf = async (text: string, environment = {}, set: readonly string[] = []): Promise<string> =>
  (await loadJob(jobFile('hash.yaml', text), { environment, set })).sha256;

describe('the JSON Schema', () => {
  it('in jobs/job.schema.json is what the program writes (oathbatch schema > jobs/job.schema.json)', () => {
    expect(readFileSync(join(root, 'jobs/job.schema.json'), 'utf8')).toBe(jobJsonSchemaText());
  });

  it('describes every key outside the rehearsal settings', () => {
    const undescribed: string[] = [];
    const walk = (path: readonly (string | number)[], node: unknown): void => {
      if (typeof node !== 'object' || node === null || path.includes('settings')) return;
      const entries: [string, unknown][] = Object.entries(node);
      for (const [key, value] of entries) {
        if (key === 'properties' && typeof value === 'object' && value !== null) {
          const properties: [string, unknown][] = Object.entries(value);
          for (const [name, property] of properties) {
            const described =
              typeof property === 'object' &&
              property !== null &&
              ('description' in property || 'const' in property);
            if (!described) undescribed.push([...path, name].join('.'));
            walk([...path, name], property);
          }
        } else walk(path, value);
      }
    };
    walk([], JSON.parse(jobJsonSchemaText()));
    expect(undescribed).toEqual([]);
  });

  it('knows the keys at a place, within alternatives and lists', () => {
    expect(knownKeys(['throttle'])).toEqual(['rate', 'burst', 'concurrency']);
    expect(knownKeys(['credential'])).toContain('certificate');
    expect(knownKeys(['manifests', 3])).toContain('hashFunction');
    expect(knownKeys(['nowhere'])).toEqual([]);
  });
});

describe('jobs/onboarding.yaml', () => {
  it('is a job that runs without anything from the environment', async () => {
    const job = await loadJob(join(root, 'jobs/onboarding.yaml'), { environment: {} });
    expect(job.graph).toEqual({ kind: 'emulator' });
    expect(job.manifests).toEqual([
      { path: '../samples/tokens.csv', absolutePath: join(root, 'samples/tokens.csv') },
    ]);
    expect(job.emulator.settings.throttle.writes).not.toEqual([]);
  });

  it('points editors at the schema', () => {
    expect(readFileSync(join(root, 'jobs/onboarding.yaml'), 'utf8')).toMatch(
      /^# yaml-language-server: \$schema=\.\/job\.schema\.json\n/,
    );
  });
});

describe('loadJob', () => {
  it.each([
    ['a missing file', join(folder, 'none.yaml'), 'there is no such file'],
    ['a directory', folder, 'this is a directory'],
  ])('says so for %s', async (_what, path, message) => {
    const error: unknown = await loadJob(path, { environment: {} }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'job-invalid', problems: [{ message }] });
  });

  it('keeps the client secret out of everything that can be printed', async () => {
    const text = `${SMALLEST}credential:\n  kind: client-secret\n  tenantId: t\n  clientId: c\n  clientSecret: \${SECRET}\n`;
    const job = await loadJob(jobFile('secret.yaml', text), { environment: { SECRET: 'canary' } });
    expect(`${JSON.stringify(job)}${inspect(job, { depth: 9, showHidden: true })}`).not.toContain('canary');
    if (job.credential.kind !== 'client-secret') throw new Error('another credential');
    expect(job.credential.clientSecret.reveal()).toBe('canary');
  });

  it('takes paths from the folder of the job file, and shows them as they are written', async () => {
    const job = await loadJob(jobFile('paths.yaml', `${SMALLEST}assignments: [{ path: ../b.csv }]\n`), {
      environment: {},
    });
    expect(job.manifests[0]).toEqual({ path: 'a.csv', absolutePath: join(folder, 'a.csv') });
    expect(job.assignments[0]).toEqual({ path: '../b.csv', absolutePath: join(folder, '../b.csv') });
  });
});

describe('the hash of a job', () => {
  it('does not change with comments, order and style of the file', async () => {
    const other = '# a comment\nmanifests:\n  - path: "a.csv"\ngraph: global\nkind: onboarding\nname: test\n';
    expect(await hashOf(other)).toBe(await hashOf(SMALLEST));
  });

  it('changes with an override and with what a reference stands for', async () => {
    const plain = await hashOf(SMALLEST);
    expect(await hashOf(SMALLEST, {}, ['throttle.concurrency=4'])).not.toBe(plain);
    expect(await hashOf(SMALLEST, {}, ['graph=global'])).toBe(plain);
    const referring = SMALLEST.replace('global', `\${GRAPH}`);
    expect(await hashOf(referring, { GRAPH: 'global' })).toBe(plain);
    expect(await hashOf(referring, { GRAPH: 'emulator' })).not.toBe(plain);
  });

  it('does not depend on the client secret', async () => {
    const text = `${SMALLEST}credential: { kind: client-secret, tenantId: t, clientId: c, clientSecret: "\${SECRET}" }\n`;
    expect(await hashOf(text, { SECRET: 'one' })).toBe(await hashOf(text, { SECRET: 'other' }));
  });
});

describe('expandEnvironment', () => {
  it('leaves everything as it is that holds no reference', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(!JSON.stringify(value).includes('${'));
        expect(expandEnvironment(value, {})).toEqual({ value, troubles: [] });
      }),
    );
  });

  it('puts a value in as it is, whatever signs it holds', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(expandEnvironment([`<\${NAME}>`], { NAME: value }).value).toEqual([`<${value}>`]);
      }),
    );
  });
});

describe('applyOverride', () => {
  it('leaves the value that it was given as it is', () => {
    const before = { throttle: { rate: 5 }, manifests: [{ path: 'a' }] };
    const after = applyOverride(before, ['manifests', 0, 'path'], 'b');
    expect(before).toEqual({ throttle: { rate: 5 }, manifests: [{ path: 'a' }] });
    expect(after).toEqual({ throttle: { rate: 5 }, manifests: [{ path: 'b' }] });
  });

  it('cannot reach the prototype of anything', () => {
    applyOverride({}, ['__proto__', 'polluted'], true);
    expect('polluted' in {}).toBe(false);
  });
});

describe('Graph targets', () => {
  it.each([
    'https://graph.microsoft.com/beta',
    'http://127.0.0.1:8080/beta',
    'http://localhost:1',
    'http://[::1]:8080/beta',
  ])('takes %s', (url) => expect(isGraphUrl(url)).toBe(true));

  it.each([
    'http://graph.example/beta',
    'http://127.0.0.1.example/beta',
    'http://localhost.example',
    'https://user:pass@graph.example',
    'https://graph.example/?x=1',
    'https://graph.example/#x',
    'ftp://127.0.0.1/',
    'graph.microsoft.com',
    '',
  ])('refuses %s', (url) => expect(isGraphUrl(url)).toBe(false));

  it('are a cloud, the emulator or a URL', () => {
    expect(graphTarget('usgov-l5')).toEqual({ kind: 'cloud', cloud: 'usgov-l5' });
    expect(graphTarget('emulator')).toEqual({ kind: 'emulator' });
    expect(graphTarget('https://a.example/beta//')).toEqual({ kind: 'url', url: 'https://a.example/beta' });
  });
});

describe('closest', () => {
  it.each([
    ['maxchanges', 'maxChanges'],
    ['max-conflict', 'maxConflicts'],
    ['brust', 'burst'],
    ['elephant', undefined],
    ['', undefined],
  ])('guesses for %s: %s', (word, guess) => {
    expect(closest(word, ['maxChanges', 'maxConflicts', 'burst', 'rate'])).toBe(guess);
  });
});
