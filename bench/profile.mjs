// npm run bench:profile [-- --rows N] [--only plan,verify,…] [--functions]: where the processor's time goes, as the
// summary of a flame graph: the samples of `node --cpu-prof` by the module in whose code they were taken (self time).
// `--functions` names functions instead. The whole profile stays in the folder that `--keep DIR` names. Needs dist/.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { command, script, startService } from './measure.mjs';
import { makeWorld } from './world.mjs';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    only: { type: 'string', default: 'read,plan,verify,run,audit' },
    functions: { type: 'boolean', default: false },
    top: { type: 'string', default: '16' },
    keep: { type: 'string' },
  },
});
const ROWS = Number(options.rows);
const SAMPLE_MICROSECONDS = 500;

const root = mkdtempSync(join(tmpdir(), 'oathbatch-profile-'));
const on = (service) => ['--graph', service.url, '--no-progress', '--yes'];

/** What each command does, and how many of the users hold their tokens from the start. */
const COMMANDS = {
  read: (made) => script(root, 'read-files.mjs', [made.tokens], profiled('read')),
  plan: (made) => served('plan', made, 0),
  verify: (made) => served('verify', made, ROWS),
  run: (made) => served('run', made, 0),
  audit: () => {
    const job = { kind: 'audit', manifests: [], assignments: [], reports: { formats: ['csv'] } };
    return served('audit', makeWorld(join(root, 'audit'), 1, job), ROWS);
  },
};

function profiled(name) {
  const flags = `--cpu-prof --cpu-prof-interval=${SAMPLE_MICROSECONDS} --cpu-prof-dir=${profilesOf(name)}`;
  return { flags: flags.split(' ') };
}

function profilesOf(name) {
  return join(options.keep ?? root, `profile-${name}`);
}

async function served(name, made, held) {
  const service = await startService(ROWS, held);
  try {
    return await command(made.directory, [name, made.job, ...on(service)], profiled(name));
  } finally {
    service.close();
  }
}

/** The module of a function: a file of ours, a package, or a part of Node.js. */
function moduleOf({ functionName, url }) {
  if (url === '') return functionName.startsWith('(') ? functionName : 'built into V8 and Node.js';
  if (url.startsWith('wasm:')) return 'WebAssembly';
  if (url.startsWith('node:')) return 'the library of Node.js';
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  if (inPackage !== null) return inPackage[1];
  const path = fileURLToPath(url);
  return path.includes('/dist/') ? `src/${path.split('/dist/')[1].replace(/\.js$/, '')}` : path;
}

/** Milliseconds of self time by module or function, the most first. */
function selfTimes(profile) {
  const nodes = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
  const times = new Map();
  for (const [i, id] of profile.samples.entries()) {
    const frame = nodes.get(id);
    const module = moduleOf(frame);
    const key = options.functions ? `${module} ${frame.functionName}:${frame.lineNumber + 1}` : module;
    times.set(key, (times.get(key) ?? 0) + (profile.timeDeltas[i + 1] ?? 0) / 1_000);
  }
  return [...times].toSorted((one, other) => other[1] - one[1]);
}

try {
  for (const name of options.only.split(',')) {
    const made = makeWorld(join(root, name), ROWS, {
      throttle: { rate: 'unlimited', concurrency: 16 },
    });
    const run = await COMMANDS[name](made);
    const directory = profilesOf(name);
    const [file] = readdirSync(directory).toSorted();
    const times = selfTimes(JSON.parse(readFileSync(join(directory, file), 'utf8')));
    const idle = times.find(([module]) => module.startsWith('(idle)'))?.[1] ?? 0;
    const total = times.reduce((sum, [, ms]) => sum + ms, 0) - idle;
    console.log(
      `\n${name}, ${ROWS.toLocaleString('en-US')} rows: ${Math.round(total)} ms at work, ${Math.round(idle)} ms idle, ${Math.round(run.peakBytes / 1e6)} MB, ${run.cpuSeconds.toFixed(2)} s of processor\n`,
    );
    console.log('| self time | share | of |\n|---|---|---|');
    for (const [module, ms] of times
      .filter(([key]) => !key.startsWith('(idle)'))
      .slice(0, Number(options.top)))
      console.log(`| ${Math.round(ms)} ms | ${((100 * ms) / total).toFixed(1)} % | ${module} |`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
