// Whether a run is still as its evidence says: the chain of its lines in the ledger, the plan, the verdicts, the
// reports, the inputs and the signature. What differs is named as closely as can be told.

import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OperationError } from '../errors.js';
import { walkChain } from '../ledger/chain.js';
import { beganDetail, conclusionDigest } from '../ledger/digest.js';
import type { Ledger, RunRecord } from '../ledger/ledger.js';
import {
  EVIDENCE_FILE,
  hashIn,
  type RunEvidence,
  readEvidence,
  SIGNATURE_FILE,
  type WrittenFile,
} from '../report/evidence.js';
import type { ReportInput } from '../report/model.js';
import { isSignedBy } from '../report/signature.js';
import { readStoredReport } from '../report/stored-report.js';
import { type Chunks, formatsOf, reportFiles } from '../report/write.js';
import { gatherRunEvidence } from './evidence.js';
import { firstDifference } from './first-difference.js';
import { hashIfThere, readIfThere } from './run-folder.js';

/** One thing that was compared. */
export interface CheckedItem {
  readonly what: string;
  /** `absent`: it is not there to be compared, and need not be. */
  readonly state: 'same' | 'differs' | 'absent';
  /** Where it differs, or what it was compared with. */
  readonly detail: string;
}

export interface CheckRequest {
  /** Where the reports are. */
  readonly directory: string;
  /** Absent when the ledger is not at hand: then the folder alone is compared with its evidence. */
  readonly kept?: { readonly ledger: Ledger; readonly run: RunRecord };
  /** The hash of a job as its file stands now; `undefined` when it cannot be loaded here. */
  readonly jobHash: (file: string, overrides: readonly string[]) => Promise<string | undefined>;
  /** The public key that the evidence must be signed with, in base64. */
  readonly publicKey?: string | undefined;
}

/** Compares everything, and goes on after a difference. */
export async function checkRun(request: CheckRequest): Promise<readonly CheckedItem[]> {
  const { directory, kept, publicKey } = request;
  const bytes = await readIfThere(join(directory, EVIDENCE_FILE));
  const evidence = bytes === undefined ? { wrong: 'it is not there' } : readEvidence(bytes.toString('utf8'));
  const readable = 'wrong' in evidence ? undefined : evidence;
  const ledger = kept === undefined ? undefined : await checkLedger(kept.ledger, kept.run, readable);
  return [
    ...('wrong' in evidence ? [differs(EVIDENCE_FILE, evidence.wrong)] : []),
    ...(readable === undefined || bytes === undefined
      ? []
      : await checkSignature(directory, bytes, readable, publicKey)),
    ...(ledger?.items ?? []),
    ...(readable === undefined ? [] : await checkReports(directory, readable, ledger?.input)),
    ...(readable === undefined ? [] : [await checkJob(readable, request), ...(await checkInputs(readable))]),
  ];
}

async function checkSignature(
  directory: string,
  bytes: Buffer,
  { signedBy }: RunEvidence,
  publicKey: string | undefined,
): Promise<readonly CheckedItem[]> {
  const signature = await readIfThere(join(directory, SIGNATURE_FILE));
  if (signedBy === undefined) {
    const unwanted = publicKey === undefined && signature === undefined;
    return [
      unwanted
        ? { what: 'signature', state: 'absent', detail: 'the evidence is not signed' }
        : differs('signature', 'the evidence does not say that it is signed'),
    ];
  }
  if (publicKey !== undefined && publicKey !== signedBy.publicKey) {
    return [differs('signature', 'it was made with another key')];
  }
  if (signature === undefined) return [differs('signature', `${SIGNATURE_FILE} is not there`)];
  if (!isSignedBy(bytes, signature, signedBy.publicKey)) {
    return [differs('signature', `it does not fit ${EVIDENCE_FILE}`)];
  }
  const whose = publicKey === undefined ? 'the key that the evidence names itself' : 'the key given';
  return [{ what: 'signature', state: 'same', detail: `made with ${whose}` }];
}

interface CheckedLedger {
  readonly items: readonly CheckedItem[];
  /** What the reports were made from, when that can be trusted. */
  readonly input: ReportInput | undefined;
}

async function checkLedger(
  ledger: Ledger,
  run: RunRecord,
  evidence: RunEvidence | undefined,
): Promise<CheckedLedger> {
  const chain = await walkChain(run.id, ledger.events(run.id), evidence?.ledger.events);
  const note = (word: string): string => chain.notes.findLast(({ event }) => event === word)?.detail ?? '';
  const plan = await ledger.planDigest(run.id);
  const conclusion = await ledger.conclusion(run.id);
  const concluded = conclusion === undefined ? '' : conclusionDigest(conclusion);
  const stored =
    conclusion === undefined
      ? { wrong: 'there is none' }
      : readStoredReport({ report: conclusion.report, rows: conclusion.records });
  const compare = (what: string, same: boolean, why: string, detail: string): CheckedItem =>
    same ? { what, state: 'same', detail } : differs(what, why);

  const items = [
    chain.broken === undefined
      ? compare(
          'ledger chain',
          evidence === undefined || chain.marked === evidence.ledger.head,
          'it does not lead to the line that the evidence names',
          `${chain.events} lines`,
        )
      : differs(
          'ledger chain',
          `line ${chain.broken.seq} (${chain.broken.event}${chain.broken.n < 0 ? '' : ` of row ${chain.broken.n}`}, ${chain.broken.at}) does not follow from the lines before it`,
        ),
    compare(
      'ledger plan',
      plan === hashIn(note('began'), 'plan') && (evidence === undefined || evidence.plan.sha256 === plan),
      'the planned rows or their actions are not those that the run began with',
      'the rows and actions that the run began with',
    ),
    compare(
      'ledger verdicts',
      concluded !== '' &&
        concluded === hashIn(note('concluded'), 'conclusion') &&
        (evidence === undefined || evidence.ledger.conclusion === concluded),
      'the verdicts or the summary are not those that the run was concluded with',
      `${conclusion?.records.length ?? 0} rows`,
    ),
    compare(
      'ledger run',
      note('began') === beganDetail(run, plan),
      'job, inputs or endpoint are not those that the run began with',
      'job, inputs and endpoint',
    ),
    ...(evidence === undefined || chain.broken !== undefined || 'wrong' in stored || note('concluded') === ''
      ? []
      : [compareEvidence(evidence, await gatherRunEvidence(ledger, run, stored.summary, [], chain))]),
  ];
  return { items, input: 'wrong' in stored ? undefined : stored };
}

/** What the evidence says of the run against what the ledger would have it say. */
function compareEvidence(told: RunEvidence, known: RunEvidence): CheckedItem {
  const pairs: Readonly<Record<string, readonly [unknown, unknown]>> = {
    run: [told.run, known.run],
    job: [told.job, known.job],
    inputs: [told.inputs, known.inputs],
    // A run that was resumed and then stopped again, without a conclusion, has more of them by now.
    sessions: [told.sessions, known.sessions.slice(0, told.sessions.length)],
  };
  const different = Object.entries(pairs).filter(([, [one, other]]) => !isDeepStrictEqual(one, other));
  return different.length === 0
    ? {
        what: EVIDENCE_FILE,
        state: 'same',
        detail: 'run, job, inputs and sessions are as the ledger has them',
      }
    : differs(
        EVIDENCE_FILE,
        `it says of ${different.map(([name]) => name).join(', ')} what the ledger does not`,
      );
}

async function checkReports(
  directory: string,
  evidence: RunEvidence,
  input: ReportInput | undefined,
): Promise<readonly CheckedItem[]> {
  const items: CheckedItem[] = [];
  for (const { name, sha256 } of evidence.reports) {
    const path = join(directory, name);
    const now = await hashIfThere(path);
    if (now === undefined) items.push(differs(name, 'it is not there'));
    else if (now === sha256) items.push({ what: name, state: 'same', detail: sha256 });
    else items.push(differs(name, await whereItDiffers(path, { name, sha256 }, input)));
  }
  return items;
}

/** The first byte that is not as it was, when the ledger can make the report again as it was. */
async function whereItDiffers(
  path: string,
  { name, sha256 }: Pick<WrittenFile, 'name' | 'sha256'>,
  input: ReportInput | undefined,
): Promise<string> {
  const [file] =
    input === undefined ? [] : reportFiles(input, formatsOf([name])).filter((one) => one.name === name);
  // It is made twice rather than kept: a report may be larger than what there is to keep it in.
  const again = async (): Promise<Chunks> => (await file?.chunks()) ?? [];
  const hash = createHash('sha256');
  for (const chunk of await again()) hash.update(chunk);
  if (hash.digest('hex') !== sha256) return 'it is not the file that was written';
  const { offset, line } = await firstDifference(await again(), path);
  return `byte ${offset}, in line ${line}, is not as it was written`;
}

async function checkJob({ job }: RunEvidence, { jobHash }: CheckRequest): Promise<CheckedItem> {
  const now = await jobHash(job.file, job.overrides);
  if (now === undefined) return { what: job.file, state: 'absent', detail: 'the job cannot be loaded here' };
  if (now !== job.sha256) return differs(job.file, 'the job does not say what it said when it was run');
  return { what: job.file, state: 'same', detail: now };
}

async function checkInputs({ job, inputs }: RunEvidence): Promise<readonly CheckedItem[]> {
  const items: CheckedItem[] = [];
  for (const { path, sha256 } of inputs) {
    const now = await hashIfThere(resolve(dirname(job.file), path));
    if (now === undefined)
      items.push({ what: path, state: 'absent', detail: 'the input is not there any more' });
    else if (now === sha256) items.push({ what: path, state: 'same', detail: sha256 });
    else items.push(differs(path, 'the input is not the file that was read'));
  }
  return items;
}

function differs(what: string, detail: string): CheckedItem {
  return { what, state: 'differs', detail };
}

/** What the ledger has of a run that came to no conclusion. */
export function notConcluded(run: RunRecord): OperationError {
  return new OperationError({
    code: 'run-not-concluded',
    what: `The run ${run.id} has come to no conclusion that could be reported.`,
    data: 'Nothing was written. What the run had done is in the ledger.',
    next:
      run.state === 'running' || run.state === 'failed'
        ? `Carry it on with: oathbatch resume ${run.id}`
        : 'List the runs with: oathbatch runs',
  });
}
