// jobs/audit.yaml is what it says: it runs as it stands, its page is looked at in a real browser and by axe, and
// an audit is compared with a later one.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { summarySchema } from '../../src/report/summary-schema.js';
import { type Ended, start } from '../end-to-end/process.js';
import { startChromium } from './chromium.js';

const JOB = fileURLToPath(new URL('../../jobs/audit.yaml', import.meta.url));
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const directory = mkdtempSync(join(tmpdir(), 'oathbatch-audit-job-'));
const browser = await startChromium();

afterAll(async () => {
  await browser.close();
  rmSync(directory, { recursive: true, force: true });
});

async function audit(...options: readonly string[]): Promise<{ ended: Ended; runId: string }> {
  const ended = await start(['audit', JOB, '--json', '--no-progress', ...options], directory).ended;
  // The last line is the summary.
  const last = ended.stdout.trimEnd().split('\n').at(-1) ?? '';
  const { runId } = z.looseObject({ runId: z.string() }).parse(JSON.parse(last));
  return { ended, runId };
}

const first = await audit();
const page = join(directory, 'reports', first.runId, 'report.html');

it('jobs/audit.yaml ends with 3, and counts what the years have brought', () => {
  const { ended, runId } = first;
  const summary = summarySchema.parse(
    JSON.parse(readFileSync(join(directory, 'reports', runId, 'summary.json'), 'utf8')),
  );
  expect(ended.exitCode).toBe(3);
  expect(summary).toMatchObject({ kind: 'audit', rows: 320, writes: 0, exitCode: 3 });
  expect(summary.verdicts).toMatchObject({ activated: 247, assigned: 45, 'in-inventory': 28 });
  expect(Object.entries(summary.findings).filter(([, count]) => count > 0)).toEqual([
    ['holder-disabled', 14],
    ['activation-failed', 13],
    ['holder-guest', 2],
    ['unused', 14],
    ['missing-assignment', 28],
  ]);
});

describe('the page of an audit', () => {
  const found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
  ] as const)('has no fault that axe knows, and no complaint: %s, %i wide', async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
    const opened = await context.newPage();
    const complaints: string[] = [];
    opened.on('console', (message) => complaints.push(message.text()));
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('request', (request) => {
      if (request.url() !== pathToFileURL(page).href) complaints.push(request.url());
    });
    await opened.goto(pathToFileURL(page).href);
    expect(await opened.locator('h1').textContent()).toBe(
      'The tenant holds 320 tokens, and 71 findings need a person.',
    );
    expect(complaints).toEqual([]);
    await opened.evaluate(AXE);
    const raw: unknown = await opened.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((result) => result.violations)",
    );
    const violations = found.parse(raw);
    expect(violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`))).toEqual([]);
    const wide = await opened.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(wide).toBeLessThanOrEqual(0);
    await context.close();
  });
});

it('an audit is compared with a later one: the same is the same, and a finding that went is named', async () => {
  const again = await audit();
  const patient = await audit('--set', 'findings.unusedAfter=3650d');
  const compare = (before: string, after: string): Promise<Ended> =>
    start(['compare', before, after, '--json'], directory).ended;
  const comparison = z.looseObject({
    same: z.number(),
    changed: z.array(z.unknown()),
    newFindings: z.array(z.unknown()),
    goneFindings: z.array(z.looseObject({ kind: z.string() })),
  });
  const same = await compare(first.runId, again.runId);
  expect(same.exitCode).toBe(0);
  expect(comparison.parse(JSON.parse(same.stdout))).toMatchObject({
    same: 320,
    changed: [],
    newFindings: [],
    goneFindings: [],
  });
  const gone = comparison.parse(JSON.parse((await compare(again.runId, patient.runId)).stdout));
  expect(gone.newFindings).toEqual([]);
  expect(gone.goneFindings.map(({ kind }) => kind)).toEqual(Array.from({ length: 14 }, () => 'unused'));
});
