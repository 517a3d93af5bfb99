// `oathbatch report RUN`: writes a run's reports again, from the ledger alone. `--check` compares the ledger, the
// reports and the inputs with the evidence, and writes nothing.

import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import type { ReportFormat } from '../../job/job.js';
import { loadJob } from '../../job/load-job.js';
import { type ChainWalk, walkChain } from '../../ledger/chain.js';
import { conclusionDigest } from '../../ledger/digest.js';
import type { Ledger, RunRecord } from '../../ledger/ledger.js';
import { openLedger } from '../../ledger/sqlite.js';
import { EVIDENCE_FILE, hashIn, readEvidence } from '../../report/evidence.js';
import type { ReportInput } from '../../report/model.js';
import { readStoredReport } from '../../report/stored-report.js';
import { formatsOf } from '../../report/write.js';
import { type CheckedItem, checkRun, notConcluded } from '../check-run.js';
import type { Context } from '../common.js';
import { showReport } from '../publish.js';
import { readIfThere, writeRunFolder } from '../run-folder.js';
import { shownPath } from '../run-reports.js';
import { loadPublicKey, readSigningKeyFile } from '../signing-key.js';

export interface ReportOptions {
  readonly check?: boolean;
  /** Formats to write; those that were written before when none is named. */
  readonly format: readonly ReportFormat[];
  /** A private key to sign the evidence with. */
  readonly sign?: string;
  /** A public key that the evidence must be signed with. */
  readonly key?: string;
  /** Whether `--reports` was given: else the folder is the one that the run wrote. */
  readonly reportsGiven: boolean;
}

const FORMATS_DEFAULT: readonly ReportFormat[] = ['csv', 'json', 'html'];

export async function reportCommand(
  runId: string,
  options: ReportOptions,
  context: Context,
): Promise<ExitCode> {
  const ledger = openLedger(context.options.state);
  try {
    const run = await ledger.run(runId);
    if (options.check === true) return await check(runId, run, ledger, options, context);
    if (run === undefined) throw unknownRun(runId, context);
    return await writeAgain(run, ledger, options, context);
  } finally {
    await ledger.close();
  }
}

function folderOf(run: RunRecord, { reportsGiven }: ReportOptions, { options }: Context): string {
  return join(reportsGiven ? resolve(options.reports) : run.reportsDir, run.id);
}

async function writeAgain(
  run: RunRecord,
  ledger: Ledger,
  options: ReportOptions,
  context: Context,
): Promise<ExitCode> {
  const { input, chain } = await concludedReport(run, ledger);
  const directory = folderOf(run, options, context);
  const formats = options.format.length > 0 ? options.format : await formatsBefore(directory);
  const signingKey = options.sign === undefined ? undefined : await readSigningKeyFile(options.sign);
  const paths = await writeRunFolder(input, { run, ledger, signingKey, directory, formats, chain });
  showReport(input, paths, context);
  return EXIT.ok;
}

/** What a run came to. Its rows are read as they are looked at, as long as the ledger is open. */
export interface ConcludedReport {
  readonly input: ReportInput;
  readonly chain: ChainWalk;
}

/**
 * What a run came to, as its reports were first written from it.
 *
 * @throws {OperationError} `run-not-concluded`; `ledger-altered` when it is not what the run concluded with.
 */
export async function concludedReport(run: RunRecord, ledger: Ledger): Promise<ConcludedReport> {
  const conclusion = await ledger.conclusion(run.id);
  if (conclusion === undefined) throw notConcluded(run);
  const chain = await walkChain(run.id, ledger.events(run.id));
  const said = chain.notes.findLast(({ event }) => event === 'concluded')?.detail ?? '';
  if (hashIn(said, 'conclusion') !== conclusionDigest(conclusion)) {
    throw altered(run, 'the verdicts are not those that the run was concluded with');
  }
  const input = readStoredReport({ report: conclusion.report, rows: conclusion.records });
  if ('wrong' in input) throw altered(run, `its conclusion cannot be read (${input.wrong})`);
  return { input, chain };
}

async function formatsBefore(directory: string): Promise<readonly ReportFormat[]> {
  const bytes = await readIfThere(join(directory, EVIDENCE_FILE));
  const evidence = bytes === undefined ? undefined : readEvidence(bytes.toString('utf8'));
  if (evidence === undefined || 'wrong' in evidence) return FORMATS_DEFAULT;
  return formatsOf(evidence.reports.map(({ name }) => name));
}

async function check(
  runId: string,
  run: RunRecord | undefined,
  ledger: Ledger,
  options: ReportOptions,
  context: Context,
): Promise<ExitCode> {
  const publicKey = options.key === undefined ? undefined : await loadPublicKey(options.key);
  if (run === undefined && !(await isFolder(runId))) throw unknownRun(runId, context);
  const jobHash = (file: string, set: readonly string[]): Promise<string | undefined> =>
    loadJob(file, { environment: context.environment, set }).then(
      ({ sha256 }) => sha256,
      (error: unknown) => {
        if (error instanceof OperationError) return undefined;
        throw error;
      },
    );
  const request =
    run === undefined
      ? { directory: resolve(runId), publicKey, jobHash }
      : { directory: folderOf(run, options, context), kept: { ledger, run }, publicKey, jobHash };
  const items = await checkRun(request);
  const different = items.filter(({ state }) => state === 'differs').length;
  const { screen } = context;
  if (context.options.json) {
    screen.print(JSON.stringify({ directory: request.directory, same: different === 0, items }));
  } else {
    const width = Math.max(...items.map(({ what }) => what.length));
    for (const item of items) screen.print(`${MARKS[item.state]} ${item.what.padEnd(width)}  ${item.detail}`);
    screen.print(`\n${verdictOn(request.directory, different, run === undefined)}`);
  }
  return different === 0 ? EXIT.ok : EXIT.needsPerson;
}

const MARKS: Readonly<Record<CheckedItem['state'], string>> = { same: '✓', differs: '✗', absent: '–' };

function verdictOn(directory: string, different: number, folderOnly: boolean): string {
  const where = shownPath(directory);
  if (different > 0) {
    return `${where}: ${different} ${different === 1 ? 'thing differs' : 'things differ'} from what was written when the run ended.`;
  }
  return folderOnly
    ? `${where}: the reports are as the evidence says. The ledger was not at hand.`
    : `${where}: all is as it was when the run ended.`;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found?.isDirectory() === true;
}

/** That the ledger does not know a run. */
export function unknownRun(runId: string, { options }: Context): OperationError {
  return new OperationError({
    code: 'run-unknown',
    what: `The ledger in ${options.state} knows no run ${runId}.`,
    data: 'Nothing was written.',
    next: 'List the runs with: oathbatch runs',
  });
}

function altered(run: RunRecord, why: string): OperationError {
  return new OperationError({
    code: 'ledger-altered',
    what: `The ledger of ${run.id} was altered: ${why}.`,
    data: 'No report was written from it, and none was touched.',
    next: `See what else differs with: oathbatch report ${run.id} --check`,
  });
}
