// npm run bench [-- --rows N] [--writes N] [--only NAME,…] [--json] [--write]: what the program costs beside a peer or a limit that
// is measured in the same run. --write puts the table into docs/performance.md. It needs dist/ (npm run build).

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { command, measured, script, startEmulator, startService } from './measure.mjs';
import { deviceText, makeWorld, userText, writePages } from './world.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    writes: { type: 'string' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
  },
});
const ROWS = Number(options.rows);
const SMALL = Math.max(1_000, Math.round(ROWS / 100));
const WRITES = Number(options.writes ?? Math.max(1_000, Math.round(ROWS / 10)));
const CONCURRENCY = 16;
const PAGE = 999;
/** The exit code of a run that SIGTERM has stopped. */
const STOPPED = 143;

const rows = [];
const thousands = (count) => count.toLocaleString('en-US');
const seconds = (value) => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
const say = (text) => process.stderr.write(`${text}\n`);

/** A line of the table. `ratio` is ours to the peer's, in the direction that the aim speaks of. */
function add(line) {
  rows.push(line);
  say(
    `  ${line.what}: ${line.ours} beside ${line.beside}${line.ratio === undefined ? '' : ` (${line.ratio.toFixed(2)})`}`,
  );
}

const root = mkdtempSync(join(tmpdir(), 'oathbatch-bench-'));
let worlds = 0;
function world(count, job) {
  worlds += 1;
  return makeWorld(join(root, `world-${worlds}`), count, job);
}
const forget = ({ directory }) => rmSync(directory, { recursive: true, force: true });
const on = (service) => ['--graph', service.url, '--no-progress', '--yes'];
const sumOf = async (service) => Object.values(await service.requests()).reduce((sum, one) => sum + one, 0);
const perRow = ({ cpuSeconds }, count) => cpuSeconds / count;

/** The best of several, because other programs only ever make a figure worse. */
async function best(times, run) {
  const all = [];
  for (let i = 0; i < times; i += 1) all.push(await run());
  return all.toSorted((one, other) => one.seconds - other.seconds)[0];
}

async function benchStart() {
  const directory = mkdtempSync(join(root, 'start-'));
  const empty = join(directory, 'empty.mjs');
  writeFileSync(empty, '');
  const small = world(10);
  const bare = await best(9, () => measured(directory, empty, []));
  const service = await startService(10, 0);
  const help = await best(9, () => command(directory, ['--help']));
  const inspect = await best(5, () => command(small.directory, ['inspect', small.tokens]));
  const plan = await best(5, () => command(small.directory, ['plan', small.job, ...on(service)]));
  service.close();
  const ms = (run) => `${Math.round((run.seconds - bare.seconds) * 1_000)} ms more`;
  const beside = `an empty program: ${Math.round(bare.seconds * 1_000)} ms`;
  add({ what: '`oathbatch --help`', ours: ms(help), beside, aim: '≤ 60 ms more' });
  add({ what: '`inspect` of 10 rows', ours: ms(inspect), beside, aim: '–' });
  add({ what: '`plan` of 10 rows, 3 requests', ours: ms(plan), beside, aim: '–' });
}

async function benchRead() {
  const made = world(ROWS);
  const bare = await script(root, 'bare-csv.mjs', [made.tokens]);
  const ours = await script(root, 'read-files.mjs', [made.tokens]);
  forget(made);
  add({
    what: `read and check ${thousands(ROWS)} rows`,
    ours: `${seconds(ours.seconds)}, ${megabytes(ours.peakBytes)}`,
    beside: `csv-parse alone: ${seconds(bare.seconds)}`,
    ratio: ours.seconds / bare.seconds,
    aim: '≤ 2 ×',
  });
}

/** `plan` or `verify` with their peers, and once more with a hundredth of the rows. */
async function benchPlan() {
  const made = world(ROWS);
  const pages = [join(made.directory, 'devices.txt'), join(made.directory, 'users.txt')];
  writePages(pages[0], ROWS, PAGE, (i) => deviceText(i, false));
  writePages(pages[1], ROWS, PAGE, userText);
  const bare = await script(root, 'bare-parse.mjs', [made.tokens, made.assignments, '--', ...pages]);
  const service = await startService(ROWS, 0);
  const ours = await command(made.directory, ['plan', made.job, ...on(service)]);
  const requests = await sumOf(service);
  service.close();
  forget(made);
  const less = world(SMALL);
  const lessService = await startService(SMALL, 0);
  const small = await best(3, () => command(less.directory, ['plan', less.job, ...on(lessService)]));
  const ten = world(10);
  const tenService = await startService(10, 0);
  const start = await best(3, () => command(ten.directory, ['plan', ten.job, ...on(tenService)]));
  tenService.close();
  lessService.close();
  forget(less);
  // What every plan costs, however few its rows, is left out.
  const cost = (run, count) => (run.cpuSeconds - start.cpuSeconds) / (count - 10);
  add({
    what: `plan ${thousands(ROWS)} rows against ${thousands(ROWS)} tokens, ${thousands(requests)} requests`,
    ours: `${seconds(ours.seconds)}, ${megabytes(ours.peakBytes)}`,
    beside: `csv-parse and JSON.parse alone: ${seconds(bare.seconds)}`,
    ratio: ours.seconds / bare.seconds,
    aim: '≤ 2.5 ×',
  });
  add({
    what: `processor for each row of a plan, ${thousands(ROWS)} rows`,
    ours: `${(cost(ours, ROWS) * 1e6).toFixed(1)} µs`,
    beside: `${thousands(SMALL)} rows: ${(cost(small, SMALL) * 1e6).toFixed(1)} µs`,
    ratio: cost(ours, ROWS) / cost(small, SMALL),
    aim: '≤ 1.15 ×',
  });
}

/** The middle of three pairs counts, by their ratio: what else goes on moves each of them. */
async function middleOfThree(pair) {
  const pairs = [await pair(), await pair(), await pair()].toSorted((one, other) => one.ratio - other.ratio);
  const [least, , most] = pairs.map(({ ratio }) => ratio);
  return { middle: pairs[1], range: `the middle of three: ${least.toFixed(2)} to ${most.toFixed(2)} ×` };
}

async function benchVerify() {
  const { middle, range } = await middleOfThree(verifyPair);
  add({ what: `verify ${thousands(ROWS)} tokens, ${range}`, ...middle, aim: '≤ 1.5 ×' });
}

async function verifyPair() {
  const made = world(ROWS);
  const service = await startService(ROWS, ROWS);
  const bare = await script(root, 'bare-list.mjs', [service.url]);
  const ours = await command(made.directory, ['verify', made.job, ...on(service)]);
  service.close();
  forget(made);
  return {
    ours: `${seconds(ours.seconds)}, ${megabytes(ours.peakBytes)}`,
    beside: `fetching and parsing the same pages in a bare loop: ${seconds(bare.seconds)}`,
    ratio: ours.seconds / bare.seconds,
  };
}

async function benchAssign() {
  const { middle, range } = await middleOfThree(assignPair);
  add({
    what: `assignments a second, unthrottled, ${thousands(WRITES)} rows, ${range}`,
    ...middle,
    aim: '≥ 0.5 ×',
  });
}

async function assignPair() {
  const made = world(WRITES, { throttle: { rate: 'unlimited', concurrency: CONCURRENCY } });
  const service = await startService(WRITES, 0);
  const bare = await script(root, 'bare-post.mjs', [service.url, WRITES, CONCURRENCY]);
  await service.reset();
  const before = await sumOf(service);
  const ours = await command(made.directory, ['run', made.job, ...on(service)]);
  const requests = (await sumOf(service)) - before;
  service.close();
  const { pace, writes } = JSON.parse(readFileSync(join(made.directory, await reportOf(made)), 'utf8'));
  forget(made);
  return {
    ours: `${thousands(Math.round(pace.acceptedPerSecond))}/s, ${(perRow(ours, writes) * 1e6).toFixed(0)} µs of processor and ${(requests / writes).toFixed(2)} requests each`,
    beside: `undici in a bare loop, no ledger: ${thousands(Math.round(bare.said.perSecond))}/s`,
    ratio: pace.acceptedPerSecond / bare.said.perSecond,
  };
}

/** Under a throttle and with latency: what can be done at all, and what a script would do. */
async function benchThrottled() {
  const [rate, burst, latencyMs, concurrency] = [200, 200, 80, 64];
  const count = Math.min(WRITES, 6_000);
  const weather = {
    latency: { p5: '72ms', p95: '89ms' },
    throttle: { writes: { kind: 'token-bucket', rate, burst } },
  };
  const peerService = await startEmulator(count, weather);
  const peer = await script(root, 'graph-client.mjs', [peerService.url, count, concurrency]);
  peerService.close();
  const made = world(count, { throttle: { rate, burst, concurrency } });
  const service = await startEmulator(count, weather);
  await command(made.directory, ['run', made.job, ...on(service)], { exitCodes: [0, 3] });
  service.close();
  const { pace, verdicts, throttled } = JSON.parse(
    readFileSync(join(made.directory, await reportOf(made)), 'utf8'),
  );
  forget(made);
  const bound = (count - burst) / rate + latencyMs / 1_000;
  const active = verdicts.assigned / pace.acceptedPerSecond;
  add({
    what: `${thousands(count)} assignments, ${latencyMs} ms latency, throttled at ${rate}/s: failed rows ${count - verdicts.assigned}`,
    ours: `${seconds(active)}, ${thousands(throttled)} × 429`,
    beside: `the lower bound: ${seconds(bound)}; Microsoft's Graph client with p-limit: ${seconds(peer.said.seconds)}, ${thousands(peer.said.failed)} failed rows`,
    ratio: active / bound,
    aim: '≤ 1.03 ×',
  });
}

/** Alone, and against a list of all that the tenant should hold. */
async function benchAudit() {
  const job = { kind: 'audit', reports: { formats: ['csv'] } };
  const service = await startService(ROWS, ROWS);
  const used = async (made) => {
    const ours = await command(made.directory, ['audit', made.job, ...on(service)]);
    forget(made);
    return `${megabytes(ours.peakBytes)}, ${seconds(ours.seconds)}`;
  };
  const alone = await used(world(1, { ...job, manifests: [], assignments: [] }));
  const compared = await used(world(ROWS, job));
  service.close();
  const what = `most memory of \`audit\` to CSV, ${thousands(ROWS)} tokens`;
  add({ what, ours: alone, beside: '–', aim: '≤ 250 MB' });
  add({ what: `${what}, compared with a list of as many`, ours: compared, beside: '–', aim: '–' });
}

async function reportOf({ directory }) {
  const { readdirSync } = await import('node:fs');
  const [run] = readdirSync(join(directory, 'reports'));
  return join('reports', run, 'summary.json');
}

/** A run of all rows, of which some have to be assigned: what counts is how many there are. */
/** A migration: nobody holds a token yet. */
async function benchMemory() {
  const made = world(ROWS, { throttle: { rate: 'unlimited', concurrency: CONCURRENCY } });
  const service = await startService(ROWS, 0);
  const ours = await command(made.directory, ['run', made.job, ...on(service)]);
  service.close();
  const [run] = readdirSync(join(made.directory, 'reports'));
  const report = await command(made.directory, ['report', run]);
  forget(made);
  add({
    what: `most memory of \`run\`, ${thousands(ROWS)} rows, all of them to assign`,
    ours: `${megabytes(ours.peakBytes)}, ${seconds(ours.seconds)}`,
    beside: `over time: ${ours.curve.map(([at, bytes]) => `${Math.round(at)} s ${megabytes(bytes)}`).join(', ')}`,
    aim: '≤ 350 MB',
  });
  add({
    what: `most memory of \`report\` of that run, from the ledger`,
    ours: `${megabytes(report.peakBytes)}, ${seconds(report.seconds)}`,
    beside: '–',
    aim: '–',
  });
}

/** A run that was stopped half-way, and is carried on. */
async function benchResume() {
  const made = world(ROWS, { throttle: { rate: 'unlimited', concurrency: CONCURRENCY } });
  const service = await startService(ROWS, ROWS - WRITES);
  const stopWhen = async () => (await service.requests()).assign >= WRITES / 2;
  await command(made.directory, ['run', made.job, ...on(service)], { stopWhen, exitCodes: [STOPPED] });
  const ours = await command(made.directory, ['resume', ...on(service)]);
  service.close();
  forget(made);
  add({
    what: `most memory of \`resume\`, ${thousands(ROWS)} rows, ${thousands(WRITES / 2)} of them left to assign`,
    ours: `${megabytes(ours.peakBytes)}, ${seconds(ours.seconds)}`,
    beside: '–',
    aim: '–',
  });
}

const BENCHES = {
  start: benchStart,
  read: benchRead,
  plan: benchPlan,
  verify: benchVerify,
  assign: benchAssign,
  throttled: benchThrottled,
  memory: benchMemory,
  resume: benchResume,
  audit: benchAudit,
};

function table() {
  const lines = rows.map(
    ({ what, ours, beside, ratio, aim }) =>
      `| ${what} | ${ours} | ${beside} | ${ratio === undefined ? '–' : `${ratio.toFixed(2)} ×`} | ${aim} |`,
  );
  return ['| what | oathbatch | beside | ratio | aim |', '|---|---|---|---|---|', ...lines].join('\n');
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node.js ${process.versions.node}`;
const only = options.only === '' ? Object.keys(BENCHES) : options.only.split(',');
try {
  say(`${thousands(ROWS)} rows on ${machine}`);
  for (const name of only) {
    const bench = BENCHES[name];
    if (bench === undefined)
      throw new Error(`no benchmark is called ${name}: ${Object.keys(BENCHES).join(', ')}`);
    await bench();
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
if (options.json) console.log(JSON.stringify({ machine, rows: ROWS, table: rows }, null, 1));
else console.log(`\n${table()}`);
if (options.write) {
  const page = fileURLToPath(new URL('../docs/performance.md', import.meta.url));
  const text = readFileSync(page, 'utf8');
  const begin = '<!-- npm run bench -- --write: begin -->';
  const end = '<!-- npm run bench -- --write: end -->';
  if (!text.includes(begin) || !text.includes(end)) throw new Error(`${page} has no place for the table`);
  const before = text.slice(0, text.indexOf(begin) + begin.length);
  const after = text.slice(text.indexOf(end));
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim();
  const how = `${machine}; ${thousands(ROWS)} rows, at ${commit} (\`npm run bench -- --rows ${ROWS} --write\`).`;
  writeFileSync(page, `${before}\n\n${how}\n\n${table()}\n\n${after}`);
}
