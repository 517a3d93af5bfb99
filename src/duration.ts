// Durations as people write them in a job file: `250ms`, `30s`, `5m`, `2h`, `1d`.

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

type Unit = keyof typeof UNIT_MS;

function isUnit(text: string): text is Unit {
  return Object.hasOwn(UNIT_MS, text);
}

/**
 * Milliseconds in a duration, or `undefined` when the text is not one.
 *
 * @example
 * parseDuration('5m');   // 300000
 * parseDuration('0.5s'); // 500
 * parseDuration('5');    // undefined: a duration has a unit
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(text.trim());
  const [, amount, unit] = match ?? [];
  if (amount === undefined || unit === undefined || !isUnit(unit)) return undefined;
  return Number(amount) * UNIT_MS[unit];
}

/**
 * A duration for people, in at most two units.
 *
 * @example
 * formatDuration(94_000); // '1 min 34 s'
 */
export function formatDuration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
