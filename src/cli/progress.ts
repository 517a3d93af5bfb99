// The progress line: rows done, pace, gate and time left. On a terminal it is one line that is drawn over;
// elsewhere a plain line now and then, so that a job's log shows that it lives.

import cliProgress from 'cli-progress';
import type { Clock } from '../clock.js';
import { formatDuration } from '../duration.js';
import type { Limiter } from '../graph/limiter.js';
import type { Screen } from './screen.js';

const REDRAW_MS = 200;
const PLAIN_LINE_MS = 10_000;

export interface Progress {
  rowEnded(): void;
  stop(): void;
}

interface View {
  readonly done: number;
  readonly total: number;
  readonly pace: string;
  readonly gate: string;
  readonly left: string;
}

/** Shows the progress of `total` rows until it is stopped. */
export function showProgress(
  screen: Screen,
  options: {
    readonly total: number;
    readonly writes: Limiter;
    readonly clock: Clock;
    readonly quiet: boolean;
  },
): Progress {
  const { total, writes, clock } = options;
  if (options.quiet || total === 0) return { rowEnded: () => undefined, stop: () => undefined };
  const startMs = clock.monotonicMs();
  let done = 0;
  const view = (): View => describe(done, total, writes, clock.monotonicMs(), startMs);

  const bar = screen.live ? openBar(total) : undefined;
  const draw = (): void => {
    const now = view();
    if (bar !== undefined) bar.update(now.done, { ...now });
    else screen.say(`${now.done} of ${now.total} rows, ${now.pace}, gate ${now.gate}, ${now.left} left`);
  };
  const timer = setInterval(draw, bar === undefined ? PLAIN_LINE_MS : REDRAW_MS);
  return {
    rowEnded: () => {
      done += 1;
    },
    stop: () => {
      clearInterval(timer);
      draw();
      bar?.stop();
    },
  };
}

function openBar(total: number): cliProgress.SingleBar {
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {done}/{total} rows  {pace}  gate {gate}  {left} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 24,
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0, { done: 0, total, pace: '–', gate: 'open', left: '–' });
  return bar;
}

function describe(done: number, total: number, writes: Limiter, nowMs: number, startMs: number): View {
  const { accepted, gateUntilMs } = writes.view();
  const seconds = (nowMs - startMs) / 1_000;
  const perSecond = seconds > 0 ? accepted / seconds : 0;
  const rowsPerSecond = seconds > 0 ? done / seconds : 0;
  const gateMs = gateUntilMs - nowMs;
  return {
    done,
    total,
    pace: `${perSecond.toFixed(1)}/s`,
    gate: gateMs > 0 ? `closed ${(gateMs / 1_000).toFixed(1)} s` : 'open',
    left: rowsPerSecond > 0 ? formatDuration(((total - done) / rowsPerSecond) * 1_000) : '–',
  };
}
