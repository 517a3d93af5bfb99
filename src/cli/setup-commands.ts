// The commands that set a computer up and touch no tenant and no ledger, so that they take none of the common
// options: the shell's completion.

import { Argument, type Command } from 'commander';
import { SHELLS, type Shell } from './completion/script.js';

/** Adds them to the program. */
export function addSetupCommands(program: Command): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .description('a script that lets the shell complete commands and options')
    .action(async (shell: Shell) => {
      const [{ completionScript }, { offers }, { openScreen }] = await Promise.all([
        import('./completion/script.js'),
        import('./completion/offers.js'),
        import('./screen.js'),
      ]);
      openScreen().print(completionScript(shell, offers(program)));
    });
}
