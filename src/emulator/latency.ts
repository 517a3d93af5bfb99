// How long answers take: lognormal, as measured latencies are. Only the draw; the waiting is elsewhere.

import type { Random } from '../random.js';
import type { EmulatorSettings } from './settings.js';

/** The 95th percentile of the standard normal distribution. */
const Z95 = 1.644_853_6;

/** Draws one latency in milliseconds. It always takes two numbers, so that settings do not shift the stream. */
export function drawLatency({ p5, p95 }: EmulatorSettings['latency'], random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  const normal = radius * Math.cos(2 * Math.PI * random.next());
  if (p95 === 0) return 0;
  const mean = (Math.log(p5) + Math.log(p95)) / 2;
  const deviation = (Math.log(p95) - Math.log(p5)) / (2 * Z95);
  return Math.exp(mean + deviation * normal);
}
