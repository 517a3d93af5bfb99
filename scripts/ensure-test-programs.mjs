// Sees to it that the programs are there with which the reports are opened in the tests: Chromium for the HTML
// report, LibreOffice Calc for the workbook. Where one is missing, a Debian machine on which this runs as root
// gets Debian's; anywhere else it says what to install.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const PROGRAMS = [
  {
    name: 'Chromium',
    variable: 'CHROMIUM_PATH',
    paths: '../test/browser/chromium-paths.json',
    debianPackage: 'chromium',
    advice: 'Install Chromium or Chrome',
  },
  {
    name: 'LibreOffice Calc',
    variable: 'LIBREOFFICE_PATH',
    paths: '../test/report/libreoffice-paths.json',
    debianPackage: 'libreoffice-calc-nogui',
    advice: 'Install LibreOffice Calc',
  },
];

function isThere({ variable, paths }) {
  const usual = JSON.parse(readFileSync(new URL(paths, import.meta.url), 'utf8'));
  return [process.env[variable], ...usual].some((path) => path !== undefined && existsSync(path));
}

const missing = PROGRAMS.filter((program) => !isThere(program));
if (missing.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  console.error(`The tests of the reports need ${packages.join(' and ')}: installing what Debian has.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words) =>
    execFileSync('apt-get', ['-qq', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env });
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...packages);
} else {
  for (const { name, variable, advice } of missing) {
    console.error(
      `The tests of the reports need ${name}. ${advice}, or name it in ${variable}, then run npm test again.`,
    );
    process.exitCode = 1;
  }
}
