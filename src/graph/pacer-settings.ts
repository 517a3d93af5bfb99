// What a pacer starts from: what is documented, what an earlier run has learned, what the operator allows. Pure.

/** What the pacer starts from. */
export interface PacerSettings {
  /** Requests a second that the service is believed to sustain; `undefined` when nothing is known. */
  readonly rate?: number;
  /** Requests that may leave at once before the rate counts. */
  readonly burst: number;
  /** The rate that the service most likely sustains: tried first once it refuses, and never a reason to be faster. */
  readonly likely?: number;
  /** No pace is above it, whatever the service takes. */
  readonly ceiling?: number;
  /**
   * The rate that an earlier run has learned, tried before what is likely. The first request goes alone, because
   * the bucket may be empty; a `rate` that was remembered as well may climb from the start, and tries first what
   * is documented.
   */
  readonly remembered?: number;
}

/**
 * Identity writes of one app in one tenant: 3,000 in 150 s, by a token bucket.
 * https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
 * (graph-api.md, section 5.1: no limit of their own is published for the hardware token paths).
 */
export const DOCUMENTED_WRITES = { rate: 20, burst: 3_000, likely: 20 } as const satisfies PacerSettings;

/** Finds out: as fast as requests can be in flight until the service refuses, and then what is documented first. */
export const AUTO: PacerSettings = { burst: 1, likely: DOCUMENTED_WRITES.rate };
