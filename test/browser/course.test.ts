// The charts, the way to a support case, and the check of the whole page by axe, in a real browser.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reportOf, sampleReport, sampleRow } from '../report/sample-report.js';
import { watchedBrowser } from './watched-browser.js';

const { open } = await watchedBrowser();

/** How many pixels of a chart have (about) a colour that the page's style names. */
async function pixelsOf(page: Page, chart: string, variable: string): Promise<number> {
  const counted: unknown = await page.evaluate(`{
    const canvas = document.querySelector('#${chart} canvas');
    const named = getComputedStyle(document.getElementById('charts')).getPropertyValue('--${variable}').trim();
    const wanted = [1, 3, 5].map((i) => parseInt(named.slice(i, i + 2), 16));
    const copy = Object.assign(document.createElement('canvas'), { width: canvas.width, height: canvas.height });
    const context = copy.getContext('2d', { willReadFrequently: true });
    context.drawImage(canvas, 0, 0);
    const { data } = context.getImageData(0, 0, copy.width, copy.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 200 && wanted.every((value, c) => Math.abs(data[i + c] - value) < 8)) count += 1;
    }
    count;
  }`);
  return z.number().parse(counted);
}

describe('the charts', () => {
  it.each(['light', 'dark'] as const)(
    'draw every series in the colours of the page (%s)',
    async (colorScheme) => {
      const page = await open(sampleReport(), '', { colorScheme });
      for (const variable of ['in-inventory', 'activated', 'rejected', 'soft']) {
        expect(await pixelsOf(page, 'chart-rates', variable), variable).toBeGreaterThan(50);
      }
      expect(await pixelsOf(page, 'chart-total', 'activated')).toBeGreaterThan(50);
    },
  );

  it('are told in words, and as a table, to those who do not see them', async () => {
    const page = await open(sampleReport());
    const told = 'Writes a second over time: at most 40 accepted, of 15 a second allowed; 14 answers of 429.';
    expect(await page.getByRole('img', { name: told }).count()).toBe(1);
    expect(await page.locator('section[aria-labelledby="course"] p').first().textContent()).toMatch(
      /^\d+ writes accepted within 1 min 0 s; the throttle allows them in \d+ s at the least: 40 at once, then 15 a second \(what the rehearsal was told to allow\)\.$/,
    );
    await page.getByText('The figures as a table').click();
    const table = page.getByRole('table', { name: 'Stretches of 1 s in which something happened' });
    expect(await table.getByRole('row').nth(2).innerText()).toBe('1 s\t21\t14\t7');
  });

  it('say what happened at the moment that is pointed at', async () => {
    const page = await open(sampleReport());
    await page.locator('#chart-rates').scrollIntoViewIfNeeded();
    await page.locator('#chart-rates .u-over').hover({ position: { x: 1, y: 50 } });
    expect(await page.locator('#chart-readout').textContent()).toBe(
      'At 0 s: 40 sent and 40 accepted a second, 0 × 429; 40 accepted so far.',
    );
  });

  it('take the colours of the system when these change, and those of paper for the printer', async () => {
    const page = await open(sampleReport(), '', { colorScheme: 'light' });
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(() => pixelsOf(page, 'chart-rates', 'activated')).toBeGreaterThan(50);
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    expect(
      await page.evaluate(
        "getComputedStyle(document.getElementById('charts')).getPropertyValue('--activated').trim()",
      ),
    ).toBe('#14804a');
    expect(await pixelsOf(page, 'chart-rates', 'activated')).toBeGreaterThan(50);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await pixelsOf(page, 'chart-rates', 'activated')).toBeGreaterThan(50);
  });

  it('fit the window when it changes', async () => {
    const page = await open(sampleReport());
    await page.setViewportSize({ width: 400, height: 800 });
    const width = () => page.evaluate("document.querySelector('#chart-rates .uplot').clientWidth");
    await expect.poll(width).toBeLessThan(400);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
  });

  it('are not there when nothing was sent, and no library either', async () => {
    const page = await open(reportOf([sampleRow()]));
    expect(await page.locator('#charts').count()).toBe(0);
    expect(await page.evaluate('typeof uPlot')).toBe('undefined');
  });

  it('draw a course of one moment, and one without a bound', async () => {
    const point = { atSeconds: 0, sent: 1, accepted: 1, throttled: 0 };
    const course = { startedAt: '2026-11-22T09:00:00.000Z', stretchSeconds: 1, points: [point] };
    const page = await open({ ...reportOf([sampleRow()]), course });
    expect(await pixelsOf(page, 'chart-rates', 'activated')).toBeGreaterThan(5);
    expect(await page.getByText('What the service allows at most is not known.').isVisible()).toBe(true);
    expect(await page.locator('.key .series-bound').count()).toBe(0);
  });
});

describe('the plan against what happened', () => {
  it('stands in a table', async () => {
    const page = await open(sampleReport());
    const table = page.getByRole('table', { name: 'The plan, and what happened' });
    expect(await table.getByRole('row').nth(1).innerText()).toBe('create\t40\t40\t0\t0\t0\t0\t0');
  });
});

describe('the request ids of a row', () => {
  it('are copied for a support case', async () => {
    const row = sampleRow({ verdict: 'unknown' });
    const page = await open(reportOf([row]), '', { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Evidence for tokens.csv:2' }).click();
    await page.getByRole('button', { name: 'Copy the request ids' }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      `request-id: ${row.requestId}\nclient-request-id: ${row.clientRequestId}`,
    );
  });

  it('are copied the old way where the clipboard is closed', async () => {
    const page = await open(reportOf([sampleRow({ requestId: '' })]));
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await page.evaluate(
      "document.addEventListener('copy', () => { window.copied = String(document.activeElement.value); })",
    );
    await page.getByRole('button', { name: 'Evidence for tokens.csv:2' }).click();
    await page.getByRole('button', { name: 'Copy the request ids' }).click();
    expect(await page.evaluate('window.copied')).toContain(
      'request-id: none, the answer was lost\nclient-request-id: ',
    );
    expect(await page.locator('textarea').count()).toBe(0);
  });
});

describe('the page as axe sees it (WCAG 2.2, level AA)', () => {
  const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  const found = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

  async function violations(page: Page): Promise<readonly string[]> {
    await page.evaluate(AXE);
    const raw: unknown = await page.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then((result) => result.violations)",
    );
    return found.parse(raw).flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  it.each([
    ['problems', 'light', 1280],
    ['problems', 'dark', 1280],
    ['problems', 'dark', 360],
    ['good', 'light', 1280],
    ['stopped', 'dark', 1280],
  ] as const)('has no fault: %s, %s, %i wide', async (story, colorScheme, width) => {
    const page = await open(sampleReport({ story }), '', { colorScheme, viewport: { width, height: 900 } });
    await page.getByText('The figures as a table').click();
    await page.locator('#rows-body button').first().click();
    expect(await violations(page)).toEqual([]);
  });

  it('has no fault without scripts', async () => {
    const page = await open(sampleReport(), '', { javaScriptEnabled: false });
    expect(await page.locator('#charts').isVisible()).toBe(false);
    expect(await page.getByText('The figures as a table').isVisible()).toBe(true);
  });
});
