/** What a pacer believes of the service, and what became of its requests so far. */
export interface PacerView {
  /** Requests a second; `undefined` while nothing limits them. */
  readonly pace: number | undefined;
  /** Requests a second that the service was found to sustain; `undefined` while it has refused too little. */
  readonly learnedRate: number | undefined;
  /** Until when the gate is closed, on the caller's clock; 0 when it never was. */
  readonly gateUntilMs: number;
  /** How long the gate has been closed in all. */
  readonly gatedMs: number;
  readonly accepted: number;
  readonly throttled: number;
  /** From the first request that left to the last that was accepted. */
  readonly activeMs: number;
}
