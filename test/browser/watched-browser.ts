// A browser that opens reports from the disk, as an operator does. After every test it has to have no complaint:
// the page logs no error, breaks no policy, asks for nothing but itself and opens no dialogue.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, expect } from 'vitest';

import { renderHtml } from '../../src/report/html.js';
import type { ReportInput } from '../../src/report/model.js';
import { readChartLibrary } from '../../src/report/read-chart-library.js';
import { startChromium } from './chromium.js';

interface WatchedBrowser {
  readonly open: (input: ReportInput, hash?: string, options?: BrowserContextOptions) => Promise<Page>;
  /** What the page did that it should not; a test that provokes it empties the list. */
  readonly complaints: string[];
}

/** Starts the browser for the tests of a file. */
export async function watchedBrowser(): Promise<WatchedBrowser> {
  const browser = await startChromium();
  const folder = await mkdtemp(join(tmpdir(), 'oathbatch-browser-'));
  const complaints: string[] = [];

  afterAll(async () => {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(complaints.splice(0)).toEqual([]);
  });

  return {
    complaints,
    open: async (input, hash = '', options = {}) => {
      const path = join(folder, 'report.html');
      await writeFile(path, renderHtml(input, readChartLibrary()));
      const url = pathToFileURL(path).href;
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(`console ${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('request', (request) => {
        if (request.url().split('#')[0] !== url) complaints.push(`request: ${request.url()}`);
      });
      page.on('dialog', (dialog) => {
        complaints.push(`dialogue: ${dialog.message()}`);
        dialog.dismiss().catch((error: unknown) => complaints.push(String(error)));
      });
      await page.goto(url + hash);
      return page;
    },
  };
}
