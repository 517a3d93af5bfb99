// The terminal: results to standard output, words to people to standard error. A reader that closes its end
// (`| head`) must not end a run.

import { createInterface } from 'node:readline/promises';
import { formatProblem, type OperationError } from '../errors.js';

export interface Screen {
  /** A result, to standard output. */
  print(text: string): void;
  /** A word to a person, to standard error. */
  say(text: string): void;
  readonly width: number;
  readonly colour: boolean;
  /** Whether standard error is a terminal, so that a line may be drawn over. */
  readonly live: boolean;
  /** Asks a yes-or-no question; `undefined` when there is nobody to ask. */
  confirm(question: string): Promise<boolean | undefined>;
}

const WIDTH_DEFAULT = 100;

/** https://no-color.org */
function wantsColour(): boolean {
  return process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '';
}

/**
 * From here on a reader that has closed its end (`| head`) is no error, whoever writes: the command goes on, and ends
 * with the exit code of what it did.
 */
export function letReadersLeave(): void {
  const ignoreClosedReader = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
  };
  process.stdout.on('error', ignoreClosedReader);
  process.stderr.on('error', ignoreClosedReader);
}

export function openScreen(): Screen {
  return {
    print: (text) => {
      process.stdout.write(`${text}\n`);
    },
    say: (text) => {
      process.stderr.write(`${text}\n`);
    },
    width: process.stdout.columns ?? WIDTH_DEFAULT,
    colour: wantsColour(),
    live: process.stderr.isTTY === true,
    confirm: async (question) => {
      if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
      const lines = createInterface({ input: process.stdin, output: process.stderr });
      // Ctrl-C, Ctrl-D and a terminal that goes away all close the line before there is an answer: that is a no.
      const noAnswer = new Promise<string>((resolve) => {
        lines.once('close', () => resolve('\n'));
      });
      const answer = lines.question(`${question} [y/N] `).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'AbortError') return '\n';
        throw error;
      });
      try {
        const text = await Promise.race([answer, noAnswer]);
        // What is said next begins on a line of its own.
        if (text === '\n') process.stderr.write(text);
        return /^y(es)?$/i.test(text.trim());
      } finally {
        lines.close();
      }
    },
  };
}

/** Problems that are shown one by one; a file of a million bad rows must not scroll everything away. */
const PROBLEMS_SHOWN = 50;

/** An operator's view of a failure: what happened, what it means for the data, what to do next. */
export function failureText(error: OperationError): string {
  const shown = error.problems.slice(0, PROBLEMS_SHOWN).map((problem) => `  ${formatProblem(problem)}`);
  const more = error.problems.length - shown.length;
  return [
    `oathbatch: ${error.message}`,
    ...shown,
    ...(more > 0 ? [`  … and ${more} more`] : []),
    `  ${error.data}`,
    `  Next: ${error.next}`,
  ].join('\n');
}
