// Finds and starts a Chromium for the tests of the HTML report. There is no download: the browser of the
// system is used, and where there is none the tests fail and say what to install.

import { existsSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';

/** Where the usual packages put it. */
const USUAL_PATHS: readonly string[] = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

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
