// Puts together the evidence of a run: from the ledger, whose chain is walked for it, and from the reports as
// they were written.

import { invariant, OperationError } from '../errors.js';
import { type ChainWalk, walkChain } from '../ledger/chain.js';
import type { Ledger, LedgerEvent, RunRecord } from '../ledger/ledger.js';
import {
  EVIDENCE_FORMAT,
  hashIn,
  type RunEvidence,
  readSession,
  type WrittenFile,
} from '../report/evidence.js';
import type { RunSummary } from '../report/summary.js';
import { VERSION } from '../version.js';

/**
 * The evidence, without a signature.
 *
 * @param walked - the run's chain, by whoever has walked it already.
 * @throws {OperationError} `ledger-altered` when the run's chain does not hold.
 */
export async function gatherRunEvidence(
  ledger: Ledger,
  run: RunRecord,
  summary: RunSummary,
  reports: readonly WrittenFile[],
  walked?: ChainWalk,
): Promise<RunEvidence> {
  const chain = walked ?? (await walkChain(run.id, ledger.events(run.id)));
  if (chain.broken !== undefined) throw altered(run.id, chain.broken);
  const concluded = lastNote(chain, 'concluded');
  invariant(concluded !== undefined, 'evidence is made of concluded runs only');
  return {
    format: EVIDENCE_FORMAT,
    writtenBy: `oathbatch ${VERSION}`,
    run: {
      id: run.id,
      kind: run.kind,
      graph: run.graph,
      tool: run.tool,
      startedAt: run.startedAt,
      concludedAt: concluded.at,
      exitCode: summary.exitCode,
    },
    job: { name: run.job, file: run.jobFile, overrides: [...run.overrides], sha256: run.jobSha256 },
    inputs: run.inputs.map(({ role, path, sha256, rows }) => ({ role, path, sha256, rows })),
    plan: { sha256: await ledger.planDigest(run.id) },
    ledger: { events: chain.events, head: chain.head, conclusion: hashIn(concluded.detail, 'conclusion') },
    sessions: chain.notes.flatMap(({ event, at, detail }) => {
      const session = event === 'session' ? readSession(detail) : undefined;
      return session === undefined ? [] : [{ at, ...session }];
    }),
    reports: reports.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
  };
}

/** The last of a run's notes with a word. */
function lastNote({ notes }: ChainWalk, word: string): LedgerEvent | undefined {
  return notes.findLast(({ event }) => event === word);
}

function altered(runId: string, line: LedgerEvent): OperationError {
  return new OperationError({
    code: 'ledger-altered',
    what: `The ledger of ${runId} was altered: line ${line.seq} (${line.event}, ${line.at}) does not follow from the lines before it.`,
    data: 'No evidence was written from it. The other reports were not touched.',
    next: `See what else differs with: oathbatch report ${runId} --check`,
  });
}
