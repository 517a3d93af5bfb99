// Preloaded into a measured process (node --import): on its way out it writes what it has used to the file that
// OATHBATCH_BENCH_USAGE names: seconds, seconds of processor, and the most memory that it held, in bytes.

import { writeFileSync } from 'node:fs';

const file = process.env.OATHBATCH_BENCH_USAGE;
process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const seconds = process.uptime();
  const cpuSeconds = (userCPUTime + systemCPUTime) / 1e6;
  if (file !== undefined)
    writeFileSync(file, JSON.stringify({ seconds, cpuSeconds, peakBytes: maxRSS * 1_024 }));
});
