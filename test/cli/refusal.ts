// What every refusal must look like: one message of a few sentences for a person, nothing for a script.

import { expect } from 'vitest';
import type { Ended } from './command.js';

/** The whole of standard error when a command is refused. */
export function refusal(what: string, data: string, next: string, problems: readonly string[] = []): string {
  return [
    `oathbatch: ${what}`,
    ...problems.map((line) => `  ${line}`),
    `  ${data}`,
    `  Next: ${next}`,
    '',
  ].join('\n');
}

/** Holds what every message promises; `stderr` is compared in full. */
export function expectRefusal(ended: Ended, exitCode: number, stderr: string | RegExp): void {
  if (typeof stderr === 'string') expect(ended.stderr).toBe(stderr);
  else expect(ended.stderr).toMatch(stderr);
  expect(ended.stderr.match(/^oathbatch: /gm)).toHaveLength(1);
  expect(ended.stderr).toMatch(/^ {2}Next: \S.*$/m);
  expectNoTrace(ended);
  expect(ended.stdout).toBe('');
  expect(ended.exitCode).toBe(exitCode);
}

export function expectNoTrace(ended: Ended): void {
  expect(ended.stderr).not.toMatch(/^\s+at /m);
  expect(ended.stderr).not.toContain('this is a bug');
}
