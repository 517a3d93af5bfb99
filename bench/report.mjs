// npm run bench:report [-- ROWS]: how long the reports of a run take to write, and how the page behaves in a
// browser: time to the first row, memory, and how long a search, a sort and a turn of the page take.
// The rows are made up, as long as real ones. It needs dist/ (npm run build) and a Chromium.

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { seededRandom } from '../dist/random.js';
import { countFindings } from '../dist/reconcile/findings.js';
import { writeReports } from '../dist/report/write.js';

const rowsWanted = Number(process.argv[2] ?? 100_000);
const random = seededRandom(8);
const FORMATS = ['csv', 'html', 'json', 'junit', 'xlsx'];

function madeUpRow(n) {
  const trouble = random.next() < 0.05;
  return {
    n,
    file: `manifests/delivery-${n % 3}.csv`,
    line: n + 2,
    serialNumber: `2408${String(n).padStart(7, '0')}`,
    user: `person.${n}@contoso.example`,
    verdict: trouble ? 'conflict' : 'assigned',
    already: random.next() < 0.1,
    reason: trouble ? 'held-by-other' : '',
    detail: trouble ? `The token is held by another user (${random.uuid()}), assigned.` : '',
    next: trouble
      ? 'Find out who has it in hand; take it back from that user before it is given to this one.'
      : '',
    deviceId: random.uuid(),
    userId: random.uuid(),
    attempts: 1,
    clientRequestId: random.uuid(),
    requestId: random.uuid(),
  };
}

function madeUpReport() {
  const rows = Array.from({ length: rowsWanted }, (_, n) => madeUpRow(n));
  const conflicts = rows.filter(({ verdict }) => verdict === 'conflict').length;
  const none = { activated: 0, 'in-inventory': 0, rejected: 0, invalid: 0, unknown: 0, unsent: 0 };
  const summary = {
    version: 1,
    tool: 'bench',
    runId: 'bench',
    job: 'bench',
    kind: 'onboarding',
    graph: 'emulator',
    rows: rows.length,
    verdicts: { ...none, assigned: rows.length - conflicts, conflict: conflicts },
    already: rows.filter(({ already }) => already).length,
    findings: countFindings([]),
    requests: rows.length,
    writes: rows.length,
    throttled: 0,
    pace: { acceptedPerSecond: 20, gateSeconds: 0, finalPace: 20 },
    startedAt: '2026-11-22T09:00:00.000Z',
    endedAt: '2026-11-22T10:23:20.000Z',
    interrupted: false,
    exitCode: 3,
    inputs: [],
  };
  const points = Array.from({ length: 240 }, (_, i) => ({
    atSeconds: i * 21,
    sent: 420,
    accepted: 415,
    throttled: 5,
  }));
  const allowance = { rate: 20, burst: 3_000, source: 'documented' };
  return {
    summary,
    rows,
    findings: [],
    course: { startedAt: summary.startedAt, stretchSeconds: 21, points, allowance },
  };
}

const seconds = (ms) => `${(ms / 1_000).toFixed(2)} s`;
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
const print = (name, figure) => console.log(`${name.padEnd(34)} ${figure}`);

/** With the computer's own time and, because other programs may be running, the processor's. */
async function timed(work) {
  const start = performance.now();
  const cpu = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(cpu);
  return { value, ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
}

function chromiumPath() {
  const usual = JSON.parse(
    readFileSync(new URL('../test/browser/chromium-paths.json', import.meta.url), 'utf8'),
  );
  return process.env.CHROMIUM_PATH ?? usual.find((path) => existsSync(path));
}

async function benchPage(path) {
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const first = await timed(async () => {
      await page.goto(pathToFileURL(path).href, { waitUntil: 'commit' });
      await page.locator('#rows-body tr').first().waitFor({ state: 'attached' });
    });
    print('page: first row after', seconds(first.ms));
    const session = await page.context().newCDPSession(page);
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    print('page: JavaScript heap', megabytes(usedSize));
    const status = page.locator('#rows-status');
    const search = async (text) => {
      await page.fill('#search', text);
      await status.filter({ hasText: 'found among' }).waitFor();
    };
    print('page: first search (makes the index)', seconds((await timed(() => search('person.77'))).ms));
    await page.fill('#search', '');
    await status.filter({ hasNotText: 'found among' }).waitFor();
    print('page: another search', seconds((await timed(() => search('person.88'))).ms));
    await page.fill('#search', '');
    await status.filter({ hasNotText: 'found among' }).waitFor();
    const sort = await timed(async () => {
      await page.click('th[data-sort="user"] button');
      await page.locator('th[data-sort="user"][aria-sort="ascending"]').waitFor();
    });
    print('page: sort by user', seconds(sort.ms));
    print('page: turn to the last page', seconds((await timed(() => page.click('#page-last'))).ms));
  } finally {
    await browser.close();
  }
}

const directory = mkdtempSync(join(tmpdir(), 'oathbatch-bench-'));
try {
  const report = madeUpReport();
  console.log(`${rowsWanted.toLocaleString('en-US')} rows, Node.js ${process.versions.node}`);
  for (const format of FORMATS) {
    const { value, ms, cpuMs } = await timed(() => writeReports(report, { directory, formats: [format] }));
    for (const { name, path } of value.slice(0, 1))
      print(
        `write ${name}`,
        `${seconds(ms)} (${seconds(cpuMs)} of processor), ${megabytes(statSync(path).size)}`,
      );
  }
  print('memory of the writing process', megabytes(process.memoryUsage().rss));
  await benchPage(join(directory, 'report.html'));
} finally {
  rmSync(directory, { recursive: true, force: true });
}
