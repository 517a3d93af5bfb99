// Questions at a terminal, one line each. The answers may come faster than the questions, as when they are pasted.

import { createInterface } from 'node:readline';

export interface Questions {
  /** One of these, or its number; an empty line takes the first. `undefined` when the asking was broken off. */
  choose<T extends string>(question: string, choices: readonly [T, ...T[]]): Promise<T | undefined>;
  /** A text; an empty line takes the default. `undefined` when the asking was broken off. */
  text(question: string, otherwise: string): Promise<string | undefined>;
  close(): void;
}

/** The terminal to ask at; `undefined` when nobody sits there. */
export function openQuestions(): Questions | undefined {
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) return undefined;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const early: string[] = [];
  let waiting: ((line: string | undefined) => void) | undefined;
  let closed = false;
  lines.on('line', (line) => {
    if (waiting === undefined) early.push(line);
    else waiting(line);
  });
  // Ctrl-C, Ctrl-D and a terminal that goes away all close it.
  lines.once('close', () => {
    closed = true;
    waiting?.(undefined);
  });

  const ask = async (prompt: string): Promise<string | undefined> => {
    lines.setPrompt(prompt);
    const line = early.shift();
    if (line !== undefined) {
      process.stderr.write(`${prompt}${line}\n`);
      return line.trim();
    }
    if (closed) return undefined;
    lines.prompt();
    const answer = await new Promise<string | undefined>((resolve) => {
      waiting = resolve;
    });
    waiting = undefined;
    return answer?.trim();
  };

  return {
    choose: async (question, choices) => {
      const offered = choices.map((choice, index) => `${index + 1} ${choice}`).join(', ');
      for (;;) {
        const answer = await ask(`${question} (${offered}) [${choices[0]}] `);
        if (answer === undefined) return undefined;
        if (answer === '') return choices[0];
        const chosen = choices.find((choice, index) => choice === answer || String(index + 1) === answer);
        if (chosen !== undefined) return chosen;
        process.stderr.write('  One of these, by its name or number.\n');
      }
    },
    text: async (question, otherwise) => {
      const answer = await ask(`${question} [${otherwise}] `);
      return answer === '' ? otherwise : answer;
    },
    close: () => lines.close(),
  };
}
