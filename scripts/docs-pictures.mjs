// npm run docs:pictures: makes the pictures of the README, docs/pictures/*.png, from a real run of the sample job
// against the rehearsal Graph: a tenant that holds some tokens otherwise already, two damaged lines, and a
// throttle. It takes about half a minute, and needs dist/ (npm run build) and a Chromium.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { concludedReport } from '../dist/cli/commands/report.js';
import { openLedger } from '../dist/ledger/sqlite.js';
import { summaryTable } from '../dist/report/terminal.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const pictures = join(root, 'docs', 'pictures');
const directory = mkdtempSync(join(tmpdir(), 'oathbatch-pictures-'));
const path = (...names) => join(directory, ...names);

const read = (file) => readFileSync(join(root, file), 'utf8');
const lines = (file) => read(file).trimEnd().split('\n');

function writeJob(tokens, assignments, settings) {
  writeFileSync(path('samples', 'tokens.csv'), `${tokens.join('\n')}\n`);
  writeFileSync(path('samples', 'assignments.csv'), `${assignments.join('\n')}\n`);
  const job = read('jobs/onboarding.yaml').replace(/^# yaml-language-server.*\n/, '');
  writeFileSync(path('jobs', 'onboarding.yaml'), settings(job));
}

/** What the command says on both streams, and the run that it leaves. */
function run() {
  const main = join(root, 'dist', 'cli', 'main.js');
  const words = [main, 'run', 'jobs/onboarding.yaml', '--yes', '--no-progress'];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { cwd: directory, encoding: 'utf8' });
  if (status !== 0 && status !== 3) throw new Error(`the run ended with ${status}: ${stderr}`);
  return { stdout, stderr, runId: readdirSync(path('reports')).toSorted().at(-1) };
}

/** A tenant in which tokens are held by others, then the run that meets it. */
function makeRun() {
  for (const folder of ['jobs', 'samples']) mkdirSync(path(folder));
  const tokens = lines('samples/tokens.csv').map((line) => line.trimEnd());
  const [heading, ...assignments] = lines('samples/assignments.csv').map((line) => line.trimEnd());
  const others = assignments
    .slice(0, 5)
    .map((line, i) => line.replace(/,.*/, `,${assignments[i + 5].split(',')[1]}`));
  writeJob(tokens, [heading, ...others], (job) => job.replace('rate: 15', 'rate: 200'));
  run();
  const damaged = tokens.map((line, i) => {
    if (i === 40 || i === 41) return line.replace(/,([A-Z2-7]{31})[A-Z2-7],/, ',$18,');
    return i === 60 || i === 61 || i === 62 ? line.replace(/[^,]+$/, 'C202-B') : line;
  });
  writeJob(damaged, [heading, ...assignments], (job) => job);
  return run();
}

/** The screen of the last run as HTML, in the colours that a terminal would have. */
async function terminalPage({ stdout, stderr, runId }) {
  const ledger = openLedger(path('.oathbatch'));
  const report = await concludedReport(await ledger.run(runId), ledger);
  await ledger.close();
  const files = stdout.split('\n').filter((line) => line.startsWith('  reports/'));
  const plan = stderr.split('\n').filter((line) => !/^(warning|invalid):|^\{/.test(line));
  const screen = [
    '\u001b[2m$\u001b[22m oathbatch run jobs/onboarding.yaml',
    plan.join('\n').trimEnd(),
    '',
    summaryTable(report, { width: 104, colour: true }),
    ...files,
  ].join('\n');
  const escaped = screen.replace(/[&<>]/g, (found) => `&#${found.charCodeAt(0)};`);
  const classes = { 1: 'bold', 2: 'dim', 31: 'red', 32: 'green', 33: 'yellow' };
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is looked for
  const coloured = escaped.replace(/\u001b\[(\d+)m/g, (_, code) =>
    classes[code] === undefined ? '</span>' : `<span class="${classes[code]}">`,
  );
  return `<!doctype html><meta charset="utf-8"><style>
:root { --back: #ffffff; --frame: #d0d7de; --bar: #f0f2f5; --text: #1b1f24; --dim: #6b7480; --red: #b3261e; --green: #147a45; --yellow: #8f5a00; }
@media (prefers-color-scheme: dark) { :root { --back: #14171b; --frame: #323942; --bar: #1c2026; --text: #e8ebef; --dim: #949fac; --red: #ff7d73; --green: #4fc98a; --yellow: #e8b04a; } }
body { margin: 0; background: transparent; }
#window { display: inline-block; border: 1px solid var(--frame); border-radius: 10px; overflow: hidden; background: var(--back); }
#bar { display: flex; gap: 8px; padding: 11px 14px; background: var(--bar); border-bottom: 1px solid var(--frame); }
#bar i { width: 12px; height: 12px; border-radius: 50%; background: var(--frame); }
pre { margin: 0; padding: 16px 20px 18px; color: var(--text); font: 14px/1.45 "DejaVu Sans Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
.bold { font-weight: 700; } .dim { color: var(--dim); } .red { color: var(--red); } .green { color: var(--green); } .yellow { color: var(--yellow); }
</style><div id="window"><div id="bar"><i></i><i></i><i></i></div><pre>${coloured}</pre></div>`;
}

function chromiumPath() {
  const usual = JSON.parse(read('test/browser/chromium-paths.json'));
  return process.env.CHROMIUM_PATH ?? usual.find((usualPath) => existsSync(usualPath));
}

async function takePictures(runId) {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });
  try {
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.newPage({ viewport: { width: 1280, height: 1240 }, colorScheme });
      await page.goto(pathToFileURL(path('terminal.html')).href);
      const picture = (name) => join(pictures, `${name}-${colorScheme}.png`);
      await page.locator('#window').screenshot({ path: picture('terminal'), omitBackground: true });
      await page.goto(pathToFileURL(path('reports', runId, 'report.html')).href);
      await page.screenshot({ path: picture('report') });
      await page.close();
    }
  } finally {
    await browser.close();
  }
}

try {
  mkdirSync(pictures, { recursive: true });
  const last = makeRun();
  writeFileSync(path('terminal.html'), await terminalPage(last));
  await takePictures(last.runId);
  for (const name of readdirSync(pictures)) {
    console.log(`docs/pictures/${name}  ${statSync(join(pictures, name)).size} bytes`);
  }
} finally {
  rmSync(directory, { recursive: true, force: true });
}
