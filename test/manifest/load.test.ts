import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BugError } from '../../src/errors.js';
import { loadDesired } from '../../src/manifest/load.js';

const root = join(import.meta.dirname, '../..');
const samples = join(root, 'samples');
const folder = mkdtempSync(join(tmpdir(), 'oathbatch-load-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('loadDesired', () => {
  it('shows a path as it was given, and finds it from the current directory', async () => {
    const path = relative(process.cwd(), join(samples, 'tokens.csv'));
    const desired = await loadDesired({ manifests: [{ path }], assignments: [] });
    expect(desired.inputs[0]?.path).toBe(path);
    expect(desired.rows.at(0)?.address).toEqual({ file: path, line: 2 });
  });

  it('forgets all secret keys when it is told to, and nothing else', async () => {
    const desired = await loadDesired({
      manifests: [{ path: join(samples, 'tokens.csv') }],
      assignments: [],
    });
    const [before] = desired.rows;
    expect(before?.token?.secretKey.reveal()).toMatch(/^[A-Z2-7]+$/);
    desired.forgetSecrets();
    const [after] = desired.rows;
    expect(after).toEqual(before);
    for (const row of [before, after]) expect(() => row?.token?.secretKey.reveal()).toThrow(BugError);
  });

  it('reads twenty thousand rows and keeps each manufacturer once', async () => {
    const path = join(folder, 'many.csv');
    const lines = Array.from({ length: 20_000 }, (_, index) => {
      const serial = String(10_000_000 + index);
      return `,${serial},GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,30,Token2,C202`;
    });
    writeFileSync(
      path,
      ['upn,serial number,secret key,time interval,manufacturer,model', ...lines].join('\n'),
    );
    const desired = await loadDesired({ manifests: [{ path }], assignments: [] });
    expect(desired.rows.length).toBe(20_000);
    expect(desired.rows.at(19_999)?.address.line).toBe(20_001);
    expect(desired.warnings).toEqual([
      {
        file: path,
        line: 2,
        message: expect.stringMatching(/^the same secret key stands at .* and 19995 more; /) as string,
      },
    ]);
  });

  it('counts warnings of one kind instead of showing thousands', async () => {
    const path = join(folder, 'letter-case.csv');
    const list = join(folder, 'letter-case-assignments.csv');
    const serials = Array.from({ length: 200 }, (_, index) => `SN${index}`);
    writeFileSync(
      path,
      [
        'serial number,secret key,time interval,manufacturer,model',
        ...serials.map(
          (serial, index) =>
            `${serial},${'A'.repeat(24)}${'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(index % 32)}${'ABCDEFGH'.charAt(Math.floor(index / 32))}AAAAAA,30,M,m`,
        ),
      ].join('\n'),
    );
    writeFileSync(
      list,
      ['serial,user', ...serials.map((serial) => `${serial.toLowerCase()},${serial}@contoso.com`)].join('\n'),
    );
    const { warnings, joinedAssignments } = await loadDesired({
      manifests: [{ path }],
      assignments: [{ path: list }],
    });
    expect(joinedAssignments).toBe(200);
    expect(warnings.length).toBe(21);
    expect(warnings.at(-1)?.message).toMatch(/\(and 179 more of this kind\)$/);
  });
});

describe('samples', () => {
  it('hold 320 tokens, all assigned, with nothing to complain of', async () => {
    const desired = await loadDesired({
      manifests: [{ path: join(samples, 'tokens.csv') }],
      assignments: [{ path: join(samples, 'assignments.csv') }],
    });
    expect(desired.rows.length).toBe(320);
    expect(
      [...desired.rows].every(
        (row) => row.invalid === undefined && row.token !== undefined && row.user !== undefined,
      ),
    ).toBe(true);
    expect(desired.joinedAssignments).toBe(320);
    expect(desired.warnings).toEqual([]);
    expect(new Set(desired.rows.map((row) => row.token?.timeIntervalInSeconds))).toEqual(new Set([30, 60]));
    expect(desired.rows.some((row) => row.serialNumber.startsWith('00'))).toBe(true);
  });

  it('are what the script makes, byte for byte', () => {
    execFileSync(process.execPath, [join(root, 'scripts/make-samples.mjs'), folder]);
    for (const name of ['tokens.csv', 'assignments.csv']) {
      expect(readFileSync(join(folder, name), 'utf8')).toBe(readFileSync(join(samples, name), 'utf8'));
    }
  });
});
