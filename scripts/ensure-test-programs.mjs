// Sees to it that the programs are there with which the tests try what oathbatch writes: Chromium for the HTML report,
// LibreOffice Calc for the workbook, zsh and fish for their completion, and for the schedules yamllint and, on Linux,
// cron's and systemd's own dry runs. Where one is missing, a Debian machine on which this runs as root
// gets Debian's; anywhere else it says what to install.

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

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
  ...[
    ['zsh', 'zsh'],
    ['fish', 'fish'],
    ['yamllint', 'yamllint'],
    // They are not there elsewhere, or know no dry run: the tests of them run on Linux only.
    ...(process.platform === 'linux'
      ? [
          ['systemd-analyze', 'systemd'],
          ['crontab', 'cron'],
        ]
      : []),
  ].map(([command, debianPackage]) => ({
    name: command,
    command,
    debianPackage,
    advice: `Install ${debianPackage} so that ${command} is in the PATH`,
  })),
];

function isInPath(command) {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.some((folder) => existsSync(join(folder, command)));
}

function isThere({ variable, paths, command }) {
  if (command !== undefined) return isInPath(command);
  const usual = JSON.parse(readFileSync(new URL(paths, import.meta.url), 'utf8'));
  return [process.env[variable], ...usual].some((path) => path !== undefined && existsSync(path));
}

const missing = PROGRAMS.filter((program) => !isThere(program));
if (missing.length > 0 && existsSync('/usr/bin/apt-get') && process.getuid?.() === 0) {
  const packages = missing.map(({ debianPackage }) => debianPackage);
  console.error(`The tests need ${packages.join(' and ')}: installing what Debian has.`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words) =>
    execFileSync('apt-get', ['-qq', ...words], { stdio: ['ignore', 'ignore', 'inherit'], env });
  apt('update');
  apt('install', '--yes', '--no-install-recommends', ...packages);
} else {
  for (const { name, variable, advice } of missing) {
    const other = variable === undefined ? '' : `, or name it in ${variable}`;
    console.error(`The tests need ${name}. ${advice}${other}, then run npm test again.`);
    process.exitCode = 1;
  }
}
