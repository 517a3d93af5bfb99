// The reports on the disk: complete or not there, and clear words when the disk says no.

import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { BugError, OperationError } from '../../src/errors.js';
import { renderHtml } from '../../src/report/html.js';
import { readChartLibrary } from '../../src/report/read-chart-library.js';
import { rowsCsv } from '../../src/report/rows-csv.js';
import { writeReports } from '../../src/report/write.js';
import { textIn } from './chunks.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const ALL = ['csv', 'json', 'html'] as const;

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oathbatch-report-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function failureOf(promise: Promise<unknown>): Promise<OperationError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OperationError)) throw new Error('an OperationError was expected', { cause: error });
  return error;
}

describe('writing reports', () => {
  it('makes the folder and writes each report whole, summary.json last', async () => {
    const directory = join(folder, 'reports', 'run-1');
    const input = sampleReport();
    const written = await writeReports(input, { directory, formats: ALL });
    expect(written.map(({ path }) => path)).toEqual(
      ['rows.csv', 'findings.csv', 'report.html', 'summary.json'].map((name) => join(directory, name)),
    );
    expect((await readdir(directory)).sort()).toEqual([
      'findings.csv',
      'report.html',
      'rows.csv',
      'summary.json',
    ]);
    expect(await readFile(join(directory, 'rows.csv'), 'utf8')).toBe(textIn(rowsCsv(input.rows)));
    expect(await readFile(join(directory, 'report.html'), 'utf8')).toBe(
      renderHtml(input, readChartLibrary()),
    );
  });

  it('writes what is asked for and nothing else', async () => {
    const [written, ...others] = await writeReports(sampleReport(), { directory: folder, formats: ['json'] });
    expect(others).toEqual([]);
    const bytes = await readFile(join(folder, 'summary.json'));
    expect(written).toEqual({
      name: 'summary.json',
      path: join(folder, 'summary.json'),
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    expect(await readdir(folder)).toEqual(['summary.json']);
  });

  it('writes a summary with the keys that scripts rely on', async () => {
    const input = sampleReport();
    await writeReports(input, { directory: folder, formats: ['json'] });
    const text = await readFile(join(folder, 'summary.json'), 'utf8');
    const summary = z.record(z.string(), z.unknown()).parse(JSON.parse(text));
    expect(summary).toEqual(input.summary);
    expect(text.endsWith('}\n')).toBe(true);
    for (const key of [
      'runId',
      'job',
      'rows',
      'verdicts',
      'findings',
      'requests',
      'throttled',
      'startedAt',
      'endedAt',
      'exitCode',
    ]) {
      expect(Object.keys(summary)).toContain(key);
    }
  });

  it('gives the same bytes when a report is written again over an older one', async () => {
    await writeReports(sampleReport({ seed: 1 }), { directory: folder, formats: ALL });
    await writeReports(sampleReport({ seed: 2 }), { directory: folder, formats: ALL });
    const second = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
    await writeReports(sampleReport({ seed: 2 }), { directory: folder, formats: ALL });
    expect(await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))))).toEqual(
      second,
    );
  });
});

describe('when it cannot be written', () => {
  it.each([
    ['the folder is a file', (path: string) => path],
    ['a folder above is a file', (path: string) => join(path, 'run-1')],
  ])(
    'because %s, the operator is told what, what of the data, and what to type',
    async (_name, directoryOf) => {
      const path = join(folder, 'reports');
      await writeFile(path, 'I was here first');
      const error = await failureOf(
        writeReports(sampleReport(), { directory: directoryOf(path), formats: ALL }),
      );
      expect(error.code).toBe('disk-failed');
      expect(error.exitCode).toBe(1);
      expect(error.message).toBe(
        `The report cannot be written to ${directoryOf(path)}: a file stands where a folder should be.`,
      );
      expect(error.data).toMatch(/^Nothing is lost: .* the ledger .*\.$/);
      expect(error.next).toBe(
        'Move that file away, or choose another folder with --reports, then give the same command again: what is done is not sent again.',
      );
      expect(await readFile(path, 'utf8')).toBe('I was here first');
    },
  );

  it('because a folder has the name of the report, it says so and leaves no partial file', async () => {
    await mkdir(join(folder, 'report.html', 'inside'), { recursive: true });
    const error = await failureOf(writeReports(sampleReport(), { directory: folder, formats: ALL }));
    expect(error.code).toBe('disk-failed');
    expect(error.message).toContain(join(folder, 'report.html'));
    expect((await readdir(folder)).sort()).toEqual(['findings.csv', 'report.html', 'rows.csv']);
  });

  it.each([
    ['its last piece', 'json', 'summary.json'],
    ['one before that', 'csv', 'rows.csv'],
  ] as const)(
    'because the disk is full at %s, it says so, and the report is not there',
    async (_, format, name) => {
      // What is written there never fits: https://man7.org/linux/man-pages/man4/full.4.html
      await symlink('/dev/full', join(folder, `${name}.partial`));
      const error = await failureOf(writeReports(sampleReport(), { directory: folder, formats: [format] }));
      expect([error.code, error.message]).toEqual([
        'disk-failed',
        `The report cannot be written to ${join(folder, name)}: the disk is full.`,
      ]);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('leaves the older report as it was, and a bug remains a bug', async () => {
    const good = reportOf([sampleRow(), sampleRow({ n: 1 })]);
    await writeReports(good, { directory: folder, formats: ALL });
    const before = await readFile(join(folder, 'rows.csv'), 'utf8');
    const broken = {
      ...sampleRow({ n: 1 }),
      get serialNumber(): string {
        throw new BugError('half way');
      },
    };
    await expect(
      writeReports({ ...good, rows: [sampleRow(), broken] }, { directory: folder, formats: ALL }),
    ).rejects.toThrow(BugError);
    expect(await readFile(join(folder, 'rows.csv'), 'utf8')).toBe(before);
    expect((await readdir(folder)).sort()).toEqual([
      'findings.csv',
      'report.html',
      'rows.csv',
      'summary.json',
    ]);
  });

  it('because its numbers disagree, nothing is written at all', async () => {
    const input = reportOf([sampleRow()]);
    const directory = join(folder, 'run-1');
    await expect(writeReports({ ...input, rows: [] }, { directory, formats: ALL })).rejects.toThrow(BugError);
    expect(await readdir(folder)).toEqual([]);
  });
});
