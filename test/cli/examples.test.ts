// The examples under --help: each is a command line that works, about files that are there.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { EXAMPLES } from '../../src/cli/examples.js';
import { createProgram } from '../../src/cli/program.js';

const root = join(import.meta.dirname, '../..');

const commands = createProgram(() => undefined).commands.map((command) => command.name());

/** What the help of a command looks like. */
function helpOf(name: string): string {
  let text = '';
  const command = createProgram(() => undefined).commands.find((one) => one.name() === name);
  command?.configureOutput({ writeOut: (written) => (text += written) });
  command?.outputHelp();
  return text;
}

/** The program, in which every command only notes that it was called. */
function idleProgram(called: string[]): Command {
  const program = createProgram(() => undefined);
  for (const command of program.commands) {
    command.action(() => {
      called.push(command.name());
    });
    command.configureOutput({ writeErr: () => undefined });
  }
  return program;
}

it.each(commands)('%s --help shows examples', (name) => {
  expect(EXAMPLES[name]?.length).toBeGreaterThan(0);
  const help = helpOf(name);
  for (const { line, does } of EXAMPLES[name] ?? []) {
    expect(help).toContain(`  $ ${line}\n      ${does}\n`);
    expect(line.length).toBeLessThan(100);
  }
});

it('gives examples of commands that there are, and of no others', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual([...commands].sort());
});

const all = Object.entries(EXAMPLES).flatMap(([name, list]) => list.map(({ line }) => [line, name] as const));

it.each(all)('"%s" is understood', async (line, name) => {
  const [program, ...words] = line.split(' ');
  expect(program).toBe('oathbatch');
  const called: string[] = [];
  await idleProgram(called).parseAsync(words, { from: 'user' });
  expect(called).toEqual([name]);
  for (const path of words.filter((word) => /^(jobs|samples)\//.test(word))) {
    expect(existsSync(join(root, path)), path).toBe(true);
  }
});

it('notices an example that is not understood', async () => {
  const program = idleProgram([]);
  await expect(program.parseAsync(['run', 'job.yaml', '--yess'], { from: 'user' })).rejects.toThrow('--yess');
});
