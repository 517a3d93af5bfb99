// Which runs send through a thread of their own (decision 0101).

import { expect } from 'vitest';
import { it, tokenLine } from './command.js';

it.for([
  ['unlimited', 1],
  ['auto', 0],
  ['documented', 0],
] as const)('a run with rate: %s starts %i threads', async ([rate, threads], { place }) => {
  place.job([tokenLine(0), tokenLine(1)], [`throttle: { rate: ${rate} }`]);
  // Node.js tells of each thread: https://nodejs.org/api/cli.html#node_debugmodule
  const ended = await place.run(['run', 'job.yaml', '--yes'], { NODE_DEBUG: 'worker' });
  expect(ended.exitCode).toBe(0);
  const started = new Set(ended.stderr.match(/^WORKER .*\bcreated Worker with ID \d+/gm));
  expect(started.size).toBe(threads);
});
