// Runs programs of their own for the benchmarks, and says what they used. Nothing is measured in the process that
// prints the table, so that no figure has the memory or the warm code of another in it.

import { fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const MAIN = here('../dist/cli/main.js');

/** How often it is asked whether a program is to be stopped, in milliseconds. */
const LOOK_MS = 200;

/**
 * Runs a program of Node.js to its end: what it used, and the JSON on its last line, if that is JSON. It is asked to stop
 * (SIGTERM) as soon as `settings.stopWhen` resolves to true.
 */
export function measured(directory, program, words, settings = {}) {
  const usage = join(directory, 'usage.json');
  const preload = ['--import', pathToFileURL(here('usage.mjs')).href];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...preload, ...(settings.flags ?? []), program, ...words], {
      cwd: directory,
      env: { ...process.env, OATHBATCH_BENCH_USAGE: usage, ...settings.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const looks = settings.stopWhen === undefined ? undefined : setInterval(look, LOOK_MS);
    async function look() {
      if (!(await settings.stopWhen())) return;
      clearInterval(looks);
      child.kill('SIGTERM');
    }
    let tail = '';
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-4_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      clearInterval(looks);
      if (!(settings.exitCodes ?? [0]).includes(code)) {
        reject(new Error(`${program} ${words.join(' ')} ended with ${code}:\n${tail}`));
        return;
      }
      resolve({ ...JSON.parse(readFileSync(usage, 'utf8')), said: lastJson(tail), tail });
    });
  });
}

function lastJson(text) {
  try {
    return JSON.parse(text.trimEnd().split('\n').at(-1));
  } catch {
    return undefined;
  }
}

/** Runs a script of this folder. */
export const script = (directory, name, words = [], settings = {}) =>
  measured(directory, here(name), words.map(String), settings);

/** Runs the built command. `plan` answers 5 when there is something to do, `run` 3 when a row needs a person. */
export const command = (directory, words, settings) =>
  measured(directory, MAIN, words, { exitCodes: [0, 5], ...settings });

/** Starts the service of the benchmarks in its own process. */
export const startService = (count, held) => served('service.mjs', [count, held]);

/** Starts the emulator in its own process. */
export const startEmulator = (count, settings) => served('emulator.mjs', [count, JSON.stringify(settings)]);

async function served(name, words) {
  const child = fork(here(name), words.map(String));
  const answered = () => new Promise((resolve) => child.once('message', resolve));
  const { url } = await answered();
  return {
    url,
    /** How often each kind of request has come. */
    requests: async () => {
      child.send('count');
      return (await answered()).requests;
    },
    reset: async () => {
      child.send('reset');
      await answered();
    },
    close: () => child.disconnect(),
  };
}
