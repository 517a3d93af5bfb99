// Tells a bucket that has run dry from a refusal now and then, which a loaded service hands out for no fault of
// ours. Pure: it counts answers.
//
// Microsoft: "possible to receive 429 even when the limits are not reached"
// (https://learn.microsoft.com/graph/throttling-limits; throttling.md, section 1).

/** So many refusals among so many answers are no accident: at 0.2 % by chance, once in more than a thousand. */
const DENSE = { refusals: 3, answers: 20 };

/** Who tries a higher pace expects refusals, and believes them sooner. */
const EXPECTED = { refusals: 2, answers: 20 };

/** A pace a little above the service's rate is refused here and there, for ever. */
const SPARSE = { refusals: 4, answers: 200 };

export class Refusals {
  #answers = 0;
  /** Which answers were refusals, the last few. */
  #at: number[] = [];

  accepted(): void {
    this.#answers += 1;
  }

  refused(): void {
    this.#answers += 1;
    this.#at = [...this.#at, this.#answers].slice(-SPARSE.refusals);
  }

  /**
   * Whether the refusals so far mean that the bucket is dry.
   *
   * @param areExpected - whether a pace is tried that the service was never seen to sustain.
   */
  areDry(areExpected: boolean): boolean {
    return [DENSE, SPARSE, ...(areExpected ? [EXPECTED] : [])].some(({ refusals, answers }) => {
      const first = this.#at.at(-refusals);
      return first !== undefined && this.#answers - first < answers;
    });
  }

  /** Their lesson was drawn. */
  forget(): void {
    this.#at = [];
  }
}
