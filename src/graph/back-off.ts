// How long to wait before something that failed is tried again. Pure.

/** https://learn.microsoft.com/azure/architecture/best-practices/retry-service-specific: exponential, with jitter. */
const BASE_MS = 500;
const CEILING_MS = 20_000;

/**
 * Exponential back-off with full jitter, never shorter than the service asked.
 *
 * @param attempt - how often it has failed, from 1.
 * @param draw - a random number in [0, 1).
 * @returns milliseconds.
 */
export function backOffMs(attempt: number, draw: number, retryAfterSeconds: number | undefined): number {
  const ceiling = Math.min(CEILING_MS, BASE_MS * 2 ** Math.min(attempt - 1, 10));
  // Half is certain and half is drawn, so that two failures never follow at once on each other.
  return Math.max((retryAfterSeconds ?? 0) * 1_000, ceiling / 2 + (ceiling / 2) * draw);
}
