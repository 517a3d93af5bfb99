// The progress line: rows done, pace, gate and time left. On a terminal it is one line that is drawn over;
// elsewhere a plain line now and then, so that a job's log shows that it lives.

import cliProgress from 'cli-progress';
import type { Clock } from '../clock.js';
import type { Limiter } from '../graph/limiter.js';
import { barLength, ProgressMeter, type ProgressSample } from './progress-view.js';
import type { Screen } from './screen.js';

const REDRAW_MS = 200;
const PLAIN_LINE_MS = 10_000;

export interface Progress {
  rowEnded(): void;
  stop(): void;
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
  let done = 0;
  const sample = (): ProgressSample => {
    const { accepted, gateUntilMs } = writes.view();
    return { nowMs: clock.monotonicMs(), done, accepted, gateUntilMs };
  };
  const meter = new ProgressMeter(total, sample());

  const bar = screen.live ? openBar(total, screen.width) : undefined;
  const draw = (): void => {
    const now = meter.view(sample());
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

function openBar(total: number, width: number): cliProgress.SingleBar {
  const bar = new cliProgress.SingleBar({
    format: '  {bar} {done}/{total} rows  {pace}  gate {gate}  {left} left',
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: barLength(width),
    hideCursor: true,
    stream: process.stderr,
  });
  bar.start(total, 0, { done: 0, total, pace: '–', gate: 'open', left: '–' });
  return bar;
}
