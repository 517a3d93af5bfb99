// The commands that set a computer up and touch no tenant and no ledger, so that they take none of the common
// options: a first job file, and the shell's completion.

import { Argument, type Command, Option } from 'commander';
import type { ExitCode } from '../errors.js';
import type { InitOptions } from './commands/init.js';
import { SHELLS, type Shell } from './completion/script.js';
import { ACTIVATIONS, CREDENTIALS, GRAPHS, KINDS } from './job-template.js';

/** Adds them to the program. `finish` is given the exit code of the command that was called. */
export function addSetupCommands(program: Command, finish: (exitCode: ExitCode) => void): void {
  program
    .command('init')
    .argument('[file]', 'the job file to write', 'job.yaml')
    .description('write a first job file, after a few questions')
    .addOption(new Option('--kind <kind>', 'what the job is for').choices(KINDS))
    .addOption(new Option('--cloud <cloud>', 'where the tenant is; emulator to rehearse').choices(GRAPHS))
    .addOption(new Option('--credential <kind>', 'how to sign in').choices(CREDENTIALS))
    .option('--tenant-id <id>', 'the tenant, by id or domain, where the credential needs it')
    .option('--client-id <id>', 'the application (client) id, where the credential needs it')
    .option('--manifest <file>', "the vendor's file, from here; none: without one")
    .option('--assignments <file>', 'the list of who holds what, from here; none: without one')
    .addOption(new Option('--activation <by>', 'who activates the tokens').choices(ACTIVATIONS))
    .option('-y, --yes', 'ask nothing: take the defaults for what is left out')
    .option('--force', 'write over a file that is there')
    .action(async (file: string, options: InitOptions & { readonly cloud?: InitOptions['graph'] }) => {
      const { initCommand } = await import('./commands/init.js');
      const { cloud, ...others } = options;
      finish(await initCommand(file, cloud === undefined ? others : { ...others, graph: cloud }));
    });
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
