// Sees to it that there is a Chromium for the tests of the HTML report. Where one is missing, a Debian machine
// on which this runs as root gets Debian's; anywhere else it says what to install.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const usual = JSON.parse(
  readFileSync(new URL('../test/browser/chromium-paths.json', import.meta.url), 'utf8'),
);
const known = [process.env.CHROMIUM_PATH, ...usual];

if (!known.some((path) => path !== undefined && existsSync(path))) {
  if (existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
    console.error('No Chromium is here for the browser tests: installing the one of Debian.');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['-qq', 'update'], { stdio: 'inherit', env });
    execFileSync('apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', 'chromium'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  } else {
    console.error(
      'The browser tests need a Chromium. Install Chromium or Chrome, or name one in CHROMIUM_PATH, then run npm test again.',
    );
    process.exitCode = 1;
  }
}
