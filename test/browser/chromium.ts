// Finds and starts a Chromium for the tests of the HTML report. There is no download: the browser of the
// system is used, and where there is none the tests fail and say what to install.

import { existsSync, readFileSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';
import { z } from 'zod';

/** Where the usual packages put it; scripts/ensure-test-programs.mjs looks in the same places. */
const USUAL_PATHS: readonly string[] = z
  .array(z.string())
  .parse(JSON.parse(readFileSync(new URL('./chromium-paths.json', import.meta.url), 'utf8')));

function chromiumPath(): string {
  const named = process.env['CHROMIUM_PATH'];
  const path = named ?? USUAL_PATHS.find((usual) => existsSync(usual));
  if (path !== undefined && existsSync(path)) return path;
  throw new Error(
    named === undefined
      ? 'No Chromium was found, and the HTML report cannot be tested without one. Install it (Debian: apt-get install chromium), or set CHROMIUM_PATH to its executable.'
      : `CHROMIUM_PATH is set to ${named}, and there is no such file.`,
  );
}

/** A browser that keeps to itself: nothing is updated, synchronised or fetched in the background. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
