// What can be typed where, read off commander's own commands, so that completion knows what --help knows. It does
// not know any shell.

import type { Argument, Command, Option } from 'commander';

/** What follows: one of these words, a file or folder, or a text that nobody can guess. */
export type Value = readonly string[] | 'file' | 'text';

export interface OfferedOption {
  /** As they are typed, such as `-y` and `--yes`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** What it takes; a switch takes nothing. */
  readonly value: Value | undefined;
}

export interface OfferedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OfferedOption[];
  /** What its arguments are; nothing where it has none. */
  readonly argument: Value | undefined;
}

/** Arguments and options whose value is a file or folder, by the name in their usage line. */
const FILES: readonly string[] = ['job', 'plan', 'file', 'dir', 'run'];

/** Every command of the program with what it takes, in the order of the help. */
export function offers(program: Command): readonly OfferedCommand[] {
  return program.commands.map((command) => {
    const [argument] = command.registeredArguments;
    const help = command.createHelp();
    return {
      name: command.name(),
      description: command.description(),
      options: help.visibleOptions(command).map(offeredOption),
      argument: argument === undefined ? undefined : argumentValue(argument),
    };
  });
}

function argumentValue(argument: Argument): Value {
  return argument.argChoices ?? (FILES.includes(argument.name()) ? 'file' : 'text');
}

function offeredOption(option: Option): OfferedOption {
  const flags = [option.short, option.long].filter((flag) => typeof flag === 'string');
  const { description } = option;
  if (!option.required && !option.optional) return { flags, description, value: undefined };
  const name = /[<[]([^>\]]+)/.exec(option.flags)?.[1] ?? '';
  return { flags, description, value: option.argChoices ?? (FILES.includes(name) ? 'file' : 'text') };
}
