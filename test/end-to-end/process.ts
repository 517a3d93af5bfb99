// Runs the built command as a process of its own, as an operator does.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves with the first line on standard output. */
  readonly firstLine: Promise<string>;
}

/** Starts `oathbatch` with these arguments. */
export function start(args: readonly string[], cwd: string): Running {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let sayFirstLine: (line: string) => void;
  const firstLine = new Promise<string>((resolve, reject) => {
    sayFirstLine = resolve;
    child.once('exit', () => reject(new Error(`it ended before it said anything: ${stderr}`)));
  });
  // Who does not wait for the first line is not told of its absence.
  firstLine.catch(() => undefined);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    const [line] = stdout.split('\n');
    if (stdout.includes('\n') && line !== undefined) sayFirstLine(line);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = once(child, 'close').then(() => ({
    exitCode: child.exitCode,
    signal: child.signalCode,
    stdout,
    stderr,
  }));
  return { child, ended, firstLine };
}
