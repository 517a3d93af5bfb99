// Preloaded into a measured process (node --import): on its way out it writes what it has used to the file that
// OATHBATCH_BENCH_USAGE names: seconds, seconds of processor, the most memory that it held, in bytes, and the memory
// over time.

import { writeFileSync } from 'node:fs';

const file = process.env.OATHBATCH_BENCH_USAGE;
const POINTS = 12;

const samples = [];
setInterval(() => samples.push([process.uptime(), process.memoryUsage.rss()]), 500).unref();

/** A dozen points of the curve, the highest among them. */
function curve() {
  const width = Math.ceil(samples.length / POINTS);
  return Array.from(
    { length: Math.ceil(samples.length / Math.max(1, width)) },
    (_, i) => samples.slice(i * width, (i + 1) * width).toSorted((one, other) => other[1] - one[1])[0],
  );
}

process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seconds = process.uptime();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ seconds, cpuSeconds, peakBytes: maxRSS * 1_024, curve: curve() }));
});
