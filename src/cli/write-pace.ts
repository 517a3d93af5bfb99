// What the pacer of the writes starts from: what the job asks for, and what its last run has learned.

import { AUTO, DOCUMENTED_WRITES, type PacerSettings } from '../graph/pacer-settings.js';
import type { Job } from '../job/job.js';

/** What was learned is believed to be lower than what was asked for when it is lower by this much. */
const LOWER = 0.95;

/**
 * A number of writes a second is a ceiling, because whoever types one has a reason; the others are where to begin.
 *
 * @param remembered - the rate that the job's last run has learned, if it has. It makes the start slower and
 *   never faster.
 */
export function writePace({ rate, burst }: Job['throttle'], remembered: number | undefined): PacerSettings {
  if (rate === 'unlimited') return { burst: burst ?? 1 };
  const atOnce = burst === undefined ? {} : { burst };
  if (rate === 'auto') return { ...AUTO, ...atOnce, ...(remembered === undefined ? {} : { remembered }) };
  const isDocumented = rate === 'documented';
  const told = isDocumented ? {} : { rate, burst: 1, ceiling: rate };
  const settings = { ...DOCUMENTED_WRITES, ...told, ...atOnce };
  if (remembered === undefined || remembered > LOWER * settings.rate) return settings;
  return { ...settings, rate: remembered, remembered };
}
