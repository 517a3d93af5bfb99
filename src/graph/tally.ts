// What became of the requests of one throttle scope, and in what time. Pure: it counts what it is told.

export class Tally {
  #accepted = 0;
  #throttled = 0;
  #firstSentAtMs: number | undefined;
  #lastAcceptedAtMs: number | undefined;

  sent(nowMs: number): void {
    this.#firstSentAtMs ??= nowMs;
  }

  accepted(nowMs: number): void {
    this.#accepted += 1;
    this.#lastAcceptedAtMs = nowMs;
  }

  throttled(): void {
    this.#throttled += 1;
  }

  /** How long ago the first request left. */
  seconds(nowMs: number): number {
    return (nowMs - (this.#firstSentAtMs ?? nowMs)) / 1_000;
  }

  /** How many were accepted and refused, and how long it took from the first that left to the last that was accepted. */
  view(): { readonly accepted: number; readonly throttled: number; readonly activeMs: number } {
    const activeMs =
      this.#lastAcceptedAtMs === undefined ? 0 : this.#lastAcceptedAtMs - (this.#firstSentAtMs ?? 0);
    return { accepted: this.#accepted, throttled: this.#throttled, activeMs };
  }
}
