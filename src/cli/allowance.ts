// What the writes of a job are allowed: the bound that the reports hold a run against. It judges nothing.

import { DOCUMENTED_WRITES } from '../graph/pacer-settings.js';
import type { Job } from '../job/job.js';
import type { Allowance } from '../report/course.js';

/** What the service is believed to allow; nothing when the job leaves it to be found out. */
export function allowanceOf({ graph, throttle, emulator }: Job): Allowance | undefined {
  const [bucket, ...others] = emulator.settings.throttle.writes;
  if (graph.kind === 'emulator' && bucket?.kind === 'token-bucket' && others.length === 0) {
    return { rate: bucket.rate, burst: bucket.burst, source: 'rehearsal' };
  }
  if (graph.kind === 'emulator' || throttle.rate === 'auto' || throttle.rate === 'unlimited') {
    return undefined;
  }
  if (throttle.rate !== 'documented') {
    return { rate: throttle.rate, burst: throttle.burst ?? 1, source: 'job' };
  }
  const { rate, burst } = DOCUMENTED_WRITES;
  return rate === undefined ? undefined : { rate, burst: throttle.burst ?? burst, source: 'documented' };
}
