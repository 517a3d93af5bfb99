// How many tokens go into one request: as many as the job says, and fewer as the service refuses them; one, when
// chunks lead nowhere. Pure.

/** So many chunks without any effect, one after the other, and tokens are sent by themselves from then on. */
const FRUITLESS_MAX = 3;

export class ChunkSize {
  #most: number;
  #isProven = false;
  #fruitless = 0;

  /** @param most - what the job says; 1 sends each token by itself. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Tokens in the next request at most. */
  get most(): number {
    return this.#most;
  }

  /** Whether a chunk was accepted: until then there is one under way at a time. */
  get isProven(): boolean {
    return this.#isProven;
  }

  accepted(): void {
    this.#isProven = true;
  }

  /** A request with so many was refused for their number, or passed when it was cut to this. */
  atMost(rows: number): void {
    this.#most = Math.max(1, Math.min(this.#most, rows));
  }

  /** The service does not know such requests. */
  giveUp(): void {
    this.#most = 1;
  }

  hadEffect(): void {
    this.#fruitless = 0;
  }

  /**
   * @param isDefinite - the service has answered, and did nothing. Answers that are lost say nothing against chunks,
   *   once one was accepted.
   */
  hadNoEffect(isDefinite: boolean): void {
    if (!isDefinite && this.#isProven) return;
    this.#fruitless += 1;
    if (this.#fruitless >= FRUITLESS_MAX) this.#most = 1;
  }
}
