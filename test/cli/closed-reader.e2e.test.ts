// A reader that leaves early (`oathbatch … | head`) is no error: no stack trace, and the exit code of what was done.

import { expect } from 'vitest';
import { it, tokenLines } from './command.js';

it.concurrent.for([
  [['--help'], 0],
  [['run', '--help'], 0],
  [['schema'], 0],
  [['completion', 'bash'], 0],
  [['inspect', 'tokens.csv'], 0],
  [['no-such-command'], 2],
] as const)('of %j is let go', async ([args, exitCode], { place }) => {
  place.job(tokenLines(1));
  const running = place.start(args);
  // Before the command has written anything.
  running.child.stdout?.destroy();
  const ended = await running.ended;
  expect(ended.stderr).not.toMatch(/EPIPE|at .*:\d+:\d+/);
  expect(ended.exitCode).toBe(exitCode);
});
