// The table of the HTML report in a real browser, and the page as a whole.

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { RowVerdict } from '../../src/reconcile/verdict.js';
import { inAttentionOrder, needsPerson } from '../../src/report/model.js';
import { HOSTILE } from '../report/hostile.js';
import { reportOf, sampleReport, sampleRow } from '../report/sample-report.js';
import { watchedBrowser } from './watched-browser.js';

const { open, complaints } = await watchedBrowser();

const texts = z.array(z.string());

const LINES = '#rows-body tr[id^="row-"]';

async function shownRows(page: Page): Promise<readonly number[]> {
  const ids = await page.evaluate(`[...document.querySelectorAll('${LINES}')].map(({ id }) => id)`);
  return texts.parse(ids).map((id) => Number(id.replace('row-', '')));
}

async function status(page: Page): Promise<string | null> {
  return page.locator('#rows-status').textContent();
}

/** Types into the search box and waits for the answer, which comes a moment after the last key. */
async function search(page: Page, text: string, answer: string | RegExp): Promise<void> {
  // First something that is nowhere, so that an answer to an older search is not taken for the new one.
  await page.fill('#search', 'nothing like this');
  await page.locator('#rows-status').filter({ hasText: 'No row fits' }).waitFor();
  await page.fill('#search', text);
  await page.locator('#rows-status').filter({ hasText: answer }).waitFor();
}

describe('the report in a browser', () => {
  it('opens from the disk and shows first what needs a person', async () => {
    const input = sampleReport();
    const page = await open(input);
    expect(await page.locator('h1').textContent()).toMatch(
      /^Finished, and \d+ rows and 4 findings need a person/,
    );
    expect(await shownRows(page)).toEqual(
      [...inAttentionOrder(input.rows)].slice(0, 100).map((row) => row.n),
    );
    expect(await status(page)).toBe('Rows 1–100 of 300');
    expect(await page.locator('.on-paper').isVisible()).toBe(false);
  });

  it('finds rows by any words, in any column, and says how many', async () => {
    const input = sampleReport();
    const page = await open(input);
    const found = input.rows.filter(
      (row) => row.user.includes('hoffmann') && row.serialNumber.includes('2408'),
    );
    await search(page, 'HOFFMANN 2408', `Rows 1–${found.length} of ${found.length} found among 300`);
    expect([...(await shownRows(page))].sort((a, b) => a - b)).toEqual(found.map((row) => row.n));
    await search(page, 't2c30101', 'found');
    expect((await shownRows(page)).every((n) => input.rows.at(n)?.serialNumber.startsWith('T2C30101'))).toBe(
      true,
    );
    const one = input.rows.find((row) => row.requestId !== '');
    await search(page, one?.requestId ?? '', 'Rows 1–1 of 1 found');
    expect(await shownRows(page)).toEqual([one?.n]);
    await search(page, 'hoffmann nothing', 'No row fits');
    expect(await shownRows(page)).toEqual([]);
    await search(page, '', 'Rows 1–100 of 300');
  });

  it('filters by verdict, by need, and by what was so before', async () => {
    const input = sampleReport();
    const page = await open(input);
    const filters: readonly (readonly [string, (row: RowVerdict) => boolean])[] = [
      ['unknown', (row) => row.verdict === 'unknown'],
      ['in-inventory', (row) => row.verdict === 'in-inventory'],
      ['person', needsPerson],
      ['already', (row) => row.already],
    ];
    for (const [value, belongs] of filters) {
      await page.selectOption('#verdict', value);
      expect(await shownRows(page)).toEqual(input.rows.filter(belongs).map((row) => row.n));
    }
  });

  it('sorts by a column up, down, and back, by keyboard too', async () => {
    const { rows } = sampleReport();
    const page = await open(sampleReport());
    const heading = page.locator('th[data-sort="serial"]');
    const serials = [...rows].map((row) => row.serialNumber).sort();
    const shown = async (): Promise<readonly (string | undefined)[]> =>
      (await shownRows(page)).map((n) => rows.at(n)?.serialNumber);

    await heading.locator('button').focus();
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await shown()).toEqual(serials.slice(0, 100));
    await page.keyboard.press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    expect(await shown()).toEqual(serials.toReversed().slice(0, 100));
    await page.keyboard.press('Space');
    expect(await heading.getAttribute('aria-sort')).toBe('none');
    expect(await shownRows(page)).toEqual([...inAttentionOrder(rows)].slice(0, 100).map((row) => row.n));

    await page.click('th[data-sort="reason"] button');
    expect(await page.locator(`${LINES} .reason`).first().textContent()).toBe('held-by-another');
    expect(await page.locator('th[aria-sort="ascending"]').count()).toBe(1);
  });

  it('turns pages, and stays where it is at the ends', async () => {
    const page = await open(sampleReport());
    const first = await shownRows(page);
    await page.locator('#page-previous').press('Enter');
    expect(await shownRows(page)).toEqual(first);
    await page.click('#page-next');
    expect(await status(page)).toBe('Rows 101–200 of 300');
    expect(await shownRows(page)).not.toEqual(first);
    await page.click('#page-last');
    await page.locator('#page-next').press('Enter');
    expect(await status(page)).toBe('Rows 201–300 of 300');
    expect(await page.getAttribute('#page-next', 'aria-disabled')).toBe('true');
    await page.click('#page-first');
    expect(await shownRows(page)).toEqual(first);
    await search(page, 'held-by-another', 'found');
    expect(await page.locator('#rows-pager').isVisible()).toBe(false);
  });

  it('opens at a row that a link names, whatever page it is on', async () => {
    const input = sampleReport();
    const n = inAttentionOrder(input.rows).at(250)?.n ?? -1;
    const page = await open(input, `#row-${n}`);
    const line = page.locator(`#row-${n}`);
    expect(await status(page)).toBe('Rows 201–300 of 300');
    expect(await line.getAttribute('class')).toBe('found');
    expect(await page.evaluate('document.activeElement.id')).toBe(`row-${n}`);
    const box = await line.boundingBox();
    expect(box?.y).toBeGreaterThan(0);
    expect(box?.y).toBeLessThan(900);
  });

  it('follows a link to a row that the filters hide, and says so when there is no such row', async () => {
    const page = await open(sampleReport());
    await page.selectOption('#verdict', 'activated');
    await page.click('section[aria-labelledby="attention"] a[href^="#row-"]');
    expect(await page.locator('#rows-body tr.found .pill').textContent()).toBe('conflict');
    expect(await page.inputValue('#verdict')).toBe('all');
    const url = page.url().replace(/#.*/, '#row-9999');
    await page.goto(url);
    expect(await status(page)).toBe('Row 9999 is not in this page; look it up in rows.csv.');
  });

  it('shows at a press whose tokens wait since a day', async () => {
    const input = sampleReport();
    const page = await open(input);
    await page.locator('[data-show-reason="not activated since 2026-11-02"]').click();
    const since = (day: string): readonly number[] =>
      input.rows.filter(({ assignedSince = '' }) => assignedSince.startsWith(day)).map(({ n }) => n);
    expect(await shownRows(page)).toEqual(since('2026-11-02'));
    expect(await page.locator(LINES).first().textContent()).toContain('not activated since 2026-11-02');
    expect(await page.locator('#waiting').textContent()).toContain(
      `${since('2026-11').length} tokens assigned`,
    );
  });

  it('shows the rows of a group at a press', async () => {
    const input = sampleReport();
    const page = await open(input);
    await page.click('button[data-show-reason="method-limit"]');
    expect(await shownRows(page)).toEqual(
      input.rows.filter((row) => row.reason === 'method-limit').map((row) => row.n),
    );
  });

  it('unfolds the evidence of a row, and folds it again', async () => {
    const input = sampleReport();
    const row = input.rows.find(({ verdict }) => verdict === 'conflict');
    const page = await open(input, `#row-${row?.n}`);
    const button = page.locator(`#row-${row?.n} button`);
    await button.click();
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    const evidence = await page.locator(`#evidence-${row?.n}`).textContent();
    for (const part of [
      row?.deviceId,
      row?.userId,
      row?.clientRequestId,
      row?.requestId,
      `${row?.file}:${row?.line}`,
    ]) {
      expect(evidence).toContain(part);
    }
    await button.press('Enter');
    expect(await page.locator(`#evidence-${row?.n}`).count()).toBe(0);
  });

  it('is harmless whatever the input holds, and shows it as it is', async () => {
    const rows = HOSTILE.map((text, n) =>
      sampleRow({
        n,
        file: text,
        serialNumber: text,
        user: text,
        verdict: 'conflict',
        reason: text,
        detail: text,
        next: text,
        deviceId: text,
        userId: text,
        clientRequestId: text,
        requestId: text,
      }),
    );
    const findings = HOSTILE.map(
      (text) =>
        ({
          kind: 'hash-mismatch',
          serialNumber: text,
          deviceId: text,
          file: text,
          detail: text,
          next: text,
        }) as const,
    );
    const page = await open(reportOf(rows, findings, { job: HOSTILE.join(''), runId: HOSTILE.join('') }));
    for (const button of await page.locator(`${LINES} button`).all()) await button.click();
    for (const button of await page.locator('button[data-show-reason]').all()) await button.click();
    for (const button of await page.locator('button.sort').all()) await button.click();
    await search(page, '<img', 'Rows 1–1 of 1 found');
    expect(await page.locator(`${LINES} td`).first().textContent()).toBe('<img src=x onerror=alert(1)>');
    expect(await page.locator('img, main script, iframe').count()).toBe(0);
    await search(page, 'gnp.exe', 'Rows 1–1 of 1 found');
    expect(await page.locator(`${LINES} td`).first().textContent()).toBe('⟨U+202E⟩gnp.exe⟨U+202C⟩');
    await search(page, 'xxxxx', 'Rows 1–1 of 1 found');
    await page.click(`${LINES} button`);
    expect(
      await page
        .locator('.evidence dd', { hasText: 'x'.repeat(10_000) })
        .first()
        .isVisible(),
    ).toBe(true);
    expect(
      await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'),
    ).toBe(true);
  });

  it('would not run a script even if markup slipped through', async () => {
    const page = await open(sampleReport({ rows: 10, story: 'good' }));
    await page.evaluate(`{
      const script = document.createElement('script');
      try { script.text = 'document.title = "owned"'; document.body.append(script); } catch { /* refused as well */ }
    }`);
    expect(await page.title()).toContain('All 10 rows');
    expect(complaints.length).toBeGreaterThan(0);
    complaints.length = 0;
  });

  it('is readable without scripts: what needs a person stands in the page', async () => {
    const input = sampleReport();
    const page = await open(input, '#row-22', { javaScriptEnabled: false });
    expect(await page.locator('.on-paper tbody tr').count()).toBe(input.rows.filter(needsPerson).length);
    expect(await page.locator('.on-paper #row-22').isVisible()).toBe(true);
    expect(await page.locator('button:visible, input:visible').count()).toBe(0);
  });

  it('takes the colours of the system', async () => {
    const ground = async (colorScheme: 'light' | 'dark'): Promise<unknown> => {
      const page = await open(sampleReport(), '', { colorScheme });
      return page.evaluate('getComputedStyle(document.body).backgroundColor');
    };
    expect(await ground('light')).toBe('rgb(246, 247, 249)');
    expect(await ground('dark')).toBe('rgb(20, 23, 27)');
  });

  it('prints what matters, in light colours and without controls', async () => {
    const input = sampleReport();
    const page = await open(input, '', { colorScheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await page.locator('button:visible, input:visible, select:visible').count()).toBe(0);
    expect(await page.locator('.on-paper tbody tr:visible').count()).toBe(
      input.rows.filter(needsPerson).length,
    );
    for (const heading of [
      'Verdicts of 300 rows',
      'What needs a person',
      'The run',
      'Inputs',
      '4 findings',
    ]) {
      expect(
        await page.getByRole('heading', { name: heading, level: heading === 'Inputs' ? 3 : 2 }).isVisible(),
      ).toBe(true);
    }
    expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  });

  it('names its controls, tables and regions for a screen reader', async () => {
    const page = await open(sampleReport());
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.getByLabel('Search in all columns').isVisible()).toBe(true);
    expect(await page.getByLabel('Verdict', { exact: true }).isVisible()).toBe(true);
    expect(await page.getByRole('table', { name: 'Rows' }).getByRole('columnheader').count()).toBe(7);
    expect(await page.getByRole('table', { name: 'Rows' }).getByRole('rowheader').count()).toBe(100);
    expect(await page.getByRole('img', { name: /^activated \d+, assigned \d+/ }).count()).toBe(1);
    expect(await page.locator('#rows-status').getAttribute('aria-live')).toBe('polite');
    const unnamed = await page.evaluate(
      "[...document.querySelectorAll('button')].filter((button) => (button.ariaLabel ?? button.textContent).trim() === '').length",
    );
    expect(unnamed).toBe(0);
    const ids = texts.parse(
      await page.evaluate("[...document.querySelectorAll('[id]')].map(({ id }) => id)"),
    );
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('fits a telephone: only tables scroll sideways', async () => {
    const page = await open(sampleReport(), '', { viewport: { width: 360, height: 740 } });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('stays usable with 20,000 rows', async () => {
    const input = sampleReport({ rows: 20_000 });
    const page = await open(input);
    expect(await status(page)).toBe('Rows 1–100 of 20,000');
    const found = input.rows.filter((row) => row.user.includes('garcía')).length.toLocaleString('en-US');
    await search(page, 'garcía', `Rows 1–100 of ${found} found among 20,000`);
    await page.click('th[data-sort="user"] button');
    await page.click('#page-last');
    await search(page, '', 'of 20,000');
    const started = performance.now();
    await page.click('th[data-sort="serial"] button');
    await page.locator('th[data-sort="serial"][aria-sort="ascending"]').waitFor();
    // Far above what it takes (about 0.1 s), and far below what makes people give up.
    expect(performance.now() - started).toBeLessThan(3_000);
    expect(await page.locator(LINES).count()).toBe(100);
  });
});
