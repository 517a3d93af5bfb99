// What every command gets: the common options, and the ports of this process.

import { type Clock, systemClock } from '../clock.js';
import { OperationError } from '../errors.js';
import { createLog, type Log, type LogLevel } from '../log.js';
import { type Random, systemRandom } from '../random.js';
import { openScreen, type Screen } from './screen.js';

/** The common options (docs/cli.md). */
export interface CommonOptions {
  /** Another Graph endpoint than the job names. */
  readonly graph?: string;
  readonly state: string;
  readonly reports: string;
  readonly yes: boolean;
  readonly json: boolean;
  readonly progress: boolean;
  /** Left out: `warn`; at a terminal `error`, because a person reads sentences and not JSON. */
  readonly logLevel?: LogLevel;
  readonly logFile?: string;
  readonly set: readonly string[];
}

export interface Context {
  readonly options: CommonOptions;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly screen: Screen;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

export function openContext(options: CommonOptions): Context {
  return {
    options,
    environment: process.env,
    screen: openScreen(),
    clock: systemClock,
    random: systemRandom,
    log: openLog(options),
  };
}

function openLog({ logLevel: chosen, logFile }: CommonOptions): Log {
  const logLevel = chosen ?? (logFile === undefined && process.stderr.isTTY === true ? 'error' : 'warn');
  if (logFile === undefined) return createLog(logLevel, 2);
  try {
    return createLog(logLevel, logFile);
  } catch (error) {
    throw new OperationError({
      code: 'disk-failed',
      what: `The log cannot be written to ${logFile} (${error instanceof Error ? error.message : String(error)}).`,
      data: 'Nothing was sent.',
      next: 'Choose another file with --log-file.',
      cause: error,
    });
  }
}
