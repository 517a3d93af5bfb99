// Ctrl-C and SIGTERM: the first stops sending and lets the run end in order, the second ends it at once.

import { EXIT, type ExitCode } from '../errors.js';

export interface SignalWatch {
  /** The exit code of the signal that stopped the run, if one did. */
  readonly exitCode: () => ExitCode | undefined;
  readonly close: () => void;
}

/** Aborts `halt` at the first signal, and ends the process at the second. */
export function watchSignals(halt: AbortController, say: (text: string) => void): SignalWatch {
  let stoppedBy: ExitCode | undefined;
  const on = (exitCode: ExitCode) => (): void => {
    if (stoppedBy !== undefined) process.exit(exitCode);
    stoppedBy = exitCode;
    say('Stopping: nothing more is sent, and what is under way is being settled. Once more to quit at once.');
    halt.abort();
  };
  const onInterrupt = on(EXIT.interrupted);
  const onTerminate = on(EXIT.terminated);
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  return {
    exitCode: () => stoppedBy,
    close: () => {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
