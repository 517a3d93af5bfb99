// What the progress line says at a moment: pure, so that it can be tried without a terminal. The pace and the
// time left come from the last seconds, because a burst at the start says nothing about what follows.

import { formatDuration } from '../duration.js';

/** What is known when the line is drawn. */
export interface ProgressSample {
  /** Monotonic, in milliseconds. */
  readonly nowMs: number;
  /** Rows that have come to their end. */
  readonly done: number;
  /** Writes that the service has accepted. */
  readonly accepted: number;
  /** Until when the gate is closed, on the same clock. */
  readonly gateUntilMs: number;
}

/** The parts of the line, as text. */
export interface ProgressView {
  readonly done: number;
  readonly total: number;
  readonly pace: string;
  readonly gate: string;
  readonly left: string;
}

/** Long enough that one Retry-After does not turn the pace to nothing, short enough to follow a change. */
const WINDOW_MS = 15_000;

/** Remembers the samples of the last seconds: at five a second no more than 75. */
export class ProgressMeter {
  readonly #total: number;
  readonly #samples: ProgressSample[];

  constructor(total: number, first: ProgressSample) {
    this.#total = total;
    this.#samples = [first];
  }

  view(now: ProgressSample): ProgressView {
    this.#samples.push(now);
    while (this.#samples.length > 2 && (this.#samples[1]?.nowMs ?? 0) <= now.nowMs - WINDOW_MS) {
      this.#samples.shift();
    }
    const since = this.#samples[0] ?? now;
    const seconds = (now.nowMs - since.nowMs) / 1_000;
    const accepted = seconds > 0 ? (now.accepted - since.accepted) / seconds : 0;
    const rows = seconds > 0 ? (now.done - since.done) / seconds : 0;
    const gateMs = now.gateUntilMs - now.nowMs;
    return {
      done: now.done,
      total: this.#total,
      pace: `${accepted.toFixed(1)}/s`,
      gate: gateMs > 0 ? `closed ${Math.ceil(gateMs / 1_000)} s` : 'open',
      left: leftText(this.#total - now.done, rows),
    };
  }
}

/** In whole seconds: what is left is a guess, and milliseconds would pretend otherwise. */
function leftText(rows: number, rowsPerSecond: number): string {
  if (rows === 0) return '0 s';
  return rowsPerSecond > 0 ? formatDuration(Math.ceil(rows / rowsPerSecond) * 1_000) : '–';
}

/** How long the bar may be so that the line fits; its words take about 52 columns. */
export function barLength(columns: number): number {
  return Math.min(24, Math.max(4, columns - 52));
}
