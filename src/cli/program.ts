// The command line: which commands there are and what they take. Each command's code is imported when it is
// called, so that --help does not load what it does not need.

import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { EXIT, type ExitCode } from '../errors.js';
import type { ReportFormat } from '../job/job.js';
import type { LogLevel } from '../log.js';
import { VERSION } from '../version.js';
import type { CommonOptions, Context } from './common.js';
import { STATE_DEFAULT } from './defaults.js';
import { addExamples } from './examples.js';
import { addSetupCommands } from './setup-commands.js';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const satisfies readonly LogLevel[];

type Handler = (context: Context) => Promise<ExitCode> | ExitCode;

/** What commander has parsed of the common options. */
interface ParsedOptions {
  readonly graph?: string;
  readonly state: string;
  readonly reports: string;
  readonly yes?: boolean;
  readonly json?: boolean;
  readonly progress: boolean;
  readonly logLevel?: LogLevel;
  readonly logFile?: string;
  readonly set: readonly string[];
}

function port(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  throw new InvalidArgumentError('It must be a whole number from 0 to 65535; 0 takes a free port.');
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

const FORMATS = ['csv', 'json', 'html', 'xlsx', 'junit'] as const satisfies readonly ReportFormat[];

/** What `report` takes beside the common options. */
interface ReportFlags {
  readonly check?: boolean;
  readonly key?: string;
  readonly sign?: string;
  readonly format: readonly ReportFormat[];
}

function format(text: string, earlier: readonly ReportFormat[]): readonly ReportFormat[] {
  const known = FORMATS.find((name) => name === text);
  if (known !== undefined) return [...earlier, known];
  throw new InvalidArgumentError(`It must be one of ${FORMATS.join(', ')}.`);
}

/** Options that every command takes. */
function common(command: Command): Command {
  return command
    .option('--graph <url>', 'another Graph endpoint than the job names')
    .option('--state <dir>', 'where the ledger is', STATE_DEFAULT)
    .option('--reports <dir>', 'where runs write their reports', 'reports')
    .option('-y, --yes', 'do not ask before changes are made')
    .option('--json', 'machine-readable results on standard output')
    .option('--no-progress', 'no progress line')
    .addOption(
      new Option('--log-level <level>', 'how much to log; warn, and error at a terminal').choices(LEVELS),
    )
    .option('--log-file <file>', 'where to log, instead of standard error')
    .option('--set <key=value>', 'override a key of the job file; may be given again', collect, []);
}

/**
 * The program. `finish` is given the exit code of the command that was called.
 */
export function createProgram(finish: (exitCode: ExitCode) => void): Command {
  const run = async (parsed: ParsedOptions, handler: Handler): Promise<void> => {
    const { openContext } = await import('./common.js');
    const options: CommonOptions = { ...parsed, yes: parsed.yes === true, json: parsed.json === true };
    const context = openContext(options);
    try {
      finish(await handler(context));
    } catch (error) {
      // The screen gets the failure in sentences (main.ts); a log of its own would not know how the command ended.
      if (options.logFile !== undefined) context.log.error({ error }, 'the command failed');
      throw error;
    }
  };

  const program = new Command('oathbatch')
    .description('Bring hardware OATH tokens to their holders in Microsoft Entra, in bulk, and prove it.')
    .version(VERSION)
    .showHelpAfterError('Run with --help to see what there is.')
    .configureHelp({ sortSubcommands: false })
    .addHelpText(
      'after',
      `
Examples:
  $ oathbatch run jobs/onboarding.yaml           plan, apply, verify and report
  $ oathbatch inspect samples/tokens.csv         what is in a vendor's file
  $ oathbatch plan jobs/onboarding.yaml --out plan.json
  $ oathbatch apply plan.json --yes              exactly that plan, or refuse
  $ oathbatch resume                             carry on the last run that was stopped

Exit codes: 0 all rows are as they should be, 1 the operation failed, 2 bad input and nothing sent,
3 some rows need a person, 4 refused by a safety limit, 5 a plan has changes, 130/143 interrupted.`,
    );

  common(program.command('run').argument('<job>', 'a job file'))
    .description('plan, apply, verify, report')
    .action(async (job: string, options: ParsedOptions) => {
      const { runCommand } = await import('./commands/run.js');
      await run(options, (context) => runCommand(job, context));
    });
  common(program.command('plan').argument('<job>', 'a job file'))
    .description('show the change, write nothing to the tenant')
    .option('--out <file>', 'write the plan, for apply')
    .action(async (job: string, options: ParsedOptions & { readonly out?: string }) => {
      const { planCommand } = await import('./commands/plan.js');
      await run(options, (context) => planCommand(job, options.out, context));
    });
  common(program.command('apply').argument('<plan>', 'a file that plan --out wrote'))
    .description('carry out exactly that plan, or refuse')
    .action(async (plan: string, options: ParsedOptions) => {
      const { applyCommand } = await import('./commands/apply.js');
      await run(options, (context) => applyCommand(plan, context));
    });
  common(
    program.command('resume').argument('[run]', "a run's id; the last one that was stopped when left out"),
  )
    .description('carry on a run that was stopped')
    .action(async (runId: string | undefined, options: ParsedOptions) => {
      const { resumeCommand } = await import('./commands/resume.js');
      await run(options, (context) => resumeCommand(runId, context));
    });
  common(program.command('verify').argument('<job>', 'a job file'))
    .description('list the tenant again and reconcile, write nothing to it')
    .action(async (job: string, options: ParsedOptions) => {
      const { verifyCommand } = await import('./commands/verify.js');
      await run(options, (context) => verifyCommand(job, context));
    });
  common(program.command('inspect').argument('<file...>', 'manifests or assignments lists'))
    .description('read files, say what is in them')
    .option('--job <job>', 'the job file that says their columns, encoding, password or key')
    .action(async (files: readonly string[], options: ParsedOptions & { readonly job?: string }) => {
      const { inspectCommand } = await import('./commands/inspect.js');
      await run(options, (context) => inspectCommand(files, options.job, context));
    });
  common(program.command('doctor').argument('<job>', 'a job file'))
    .description('is everything in place to run it? write nothing to the tenant')
    .action(async (job: string, options: ParsedOptions) => {
      const { doctorCommand } = await import('./commands/doctor.js');
      await run(options, (context) => doctorCommand(job, context));
    });
  common(program.command('audit').argument('<job>', 'a job file'))
    .description("the tenant's tokens, and what about them needs a person; write nothing to it")
    .action(async (job: string, options: ParsedOptions) => {
      const { auditCommand } = await import('./commands/audit.js');
      await run(options, (context) => auditCommand(job, context));
    });
  common(program.command('runs'))
    .description('what the ledger remembers')
    .option(
      '--unlock <id>',
      "drop the lock of a run whose machine is gone; the refused run's message names the id",
    )
    .action(async (options: ParsedOptions & { readonly unlock?: string }) => {
      const { runsCommand } = await import('./commands/runs.js');
      await run(options, (context) => runsCommand(options.unlock, context));
    });
  common(program.command('report').argument('<run>', "a run's id, or with --check the folder of its reports"))
    .description("write a run's report again, or check that nothing was changed since")
    .option('--check', 'compare ledger, reports and inputs with the evidence; write nothing')
    .option('--key <file>', 'with --check: the public key that the evidence must be signed with')
    .option('--sign <file>', 'sign the evidence with this Ed25519 private key')
    .addOption(
      new Option('--format <format>', 'a format to write; may be given again')
        .choices(FORMATS)
        .argParser(format)
        .default([]),
    )
    .action(async (runId: string, options: ParsedOptions & ReportFlags, command: Command) => {
      const { reportCommand } = await import('./commands/report.js');
      const reportsGiven = command.getOptionValueSource('reports') === 'cli';
      await run(options, (context) => reportCommand(runId, { ...options, reportsGiven }, context));
    });
  common(
    program.command('compare').argument('<before>', "a run's id").argument('<after>', "a later run's id"),
  )
    .description('what changed between two runs')
    .action(async (before: string, after: string, options: ParsedOptions) => {
      const { compareCommand } = await import('./commands/compare.js');
      await run(options, (context) => compareCommand(before, after, context));
    });
  common(program.command('emulate').argument('[job]', 'a job file: its users and tokens make the tenant'))
    .description('a rehearsal Graph on a local port')
    .option('--port <number>', 'the port; a free one when left out', port)
    .option('--settings <file>', 'how it behaves, as YAML or JSON')
    .option('--keep <file>', 'keep the tenant in a file, and go on from it')
    .action(
      async (
        job: string | undefined,
        options: ParsedOptions & {
          readonly port?: number;
          readonly settings?: string;
          readonly keep?: string;
        },
      ) => {
        const { emulateCommand } = await import('./commands/emulate.js');
        await run(options, (context) => emulateCommand(job, options, context));
      },
    );
  common(
    program
      .command('schema')
      .addArgument(
        new Argument('[what]', 'of what: the job file, or summary.json')
          .choices(['job', 'summary'])
          .default('job'),
      ),
  )
    .description('a JSON Schema: of the job file, for editors, or of summary.json')
    .action(async (what: 'job' | 'summary', options: ParsedOptions) => {
      const { schemaCommand } = await import('./commands/schema.js');
      await run(options, (context) => schemaCommand(what, context));
    });
  addSetupCommands(program, finish);
  addExamples(program);
  for (const command of program.commands) command.exitOverride();
  return program.exitOverride();
}

/** The exit code of what commander throws: asking for help or the version is no mistake. */
export function commanderExitCode(exitCode: number): ExitCode {
  return exitCode === 0 ? EXIT.ok : EXIT.unusable;
}
