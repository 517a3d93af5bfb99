// The first thing that a report says: did it work, in one sentence, and the command to type next. It is
// pure, so that the screen and the page say the same words; it judges no row.

import { EXIT } from '../errors.js';
import type { ReportInput } from './model.js';
import type { RunSummary } from './summary.js';
import { countOf, formatNumber } from './words.js';

/** Whether the run did what it was asked to. */
export type Tone = 'good' | 'attention' | 'stopped' | 'failed';

interface Headline {
  readonly tone: Tone;
  /** One sentence. */
  readonly sentence: string;
}

/** A command to type, with the sentence that says what it is for. */
interface NextStep {
  readonly command: string;
  readonly why: string;
}

interface Standing {
  readonly settled: number;
  readonly unsent: number;
  /** Rows that need a person. */
  readonly people: number;
}

function standingOf({ rows, verdicts }: RunSummary): Standing {
  const settled = verdicts.activated + verdicts.assigned + verdicts['in-inventory'] + verdicts.deleted;
  return { settled, unsent: verdicts.unsent, people: rows - settled - verdicts.unsent };
}

/** Did it work? One sentence, and a tone for it. */
export function headline(input: ReportInput): Headline {
  const { summary, findings } = input;
  const standing = standingOf(summary);
  if (summary.exitCode === EXIT.refusedByLimit) {
    return { tone: 'failed', sentence: 'A safety limit refused the plan, and nothing was sent.' };
  }
  if (summary.exitCode === EXIT.failed || summary.exitCode === EXIT.unusable) {
    return { tone: 'failed', sentence: `The run failed before its end${stoppedClause(summary, standing)}.` };
  }
  if (summary.interrupted) {
    return {
      tone: 'stopped',
      sentence: `The run was stopped before its end${stoppedClause(summary, standing)}.`,
    };
  }
  if (summary.kind === 'audit') return auditHeadline(summary, findings.length);
  if (standing.settled < summary.rows || findings.length > 0 || summary.exitCode !== EXIT.ok) {
    return { tone: 'attention', sentence: attentionSentence(summary, standing, findings.length) };
  }
  return { tone: 'good', sentence: goodSentence(summary) };
}

function auditHeadline({ rows }: RunSummary, findings: number): Headline {
  const holds = rows === 0 ? 'The tenant holds no tokens' : `The tenant holds ${countOf(rows, 'token')}`;
  if (findings === 0) return { tone: 'good', sentence: `${holds}, and nothing needs a person.` };
  return {
    tone: 'attention',
    sentence: `${holds}, and ${needClause([countOf(findings, 'finding')], findings)}.`,
  };
}

function ofRows(count: number, { rows }: RunSummary): string {
  return `${formatNumber(count)} of ${countOf(rows, 'row')} ${count === 1 || rows === 1 ? 'is' : 'are'}`;
}

function allRows({ rows }: RunSummary): string {
  return rows === 1 ? 'the one row is as it should be' : `all ${countOf(rows, 'row')} are as they should be`;
}

function unsentClauses(unsent: number): readonly string[] {
  return unsent > 0 ? [`${countOf(unsent, 'row')} ${unsent === 1 ? 'was' : 'were'} not sent`] : [];
}

function needClause(things: readonly string[], count: number): string {
  return `${things.join(' and ')} ${count === 1 ? 'needs' : 'need'} a person`;
}

function stoppedClause(summary: RunSummary, { settled, unsent, people }: Standing): string {
  if (summary.rows === 0) return '';
  const clauses = [
    `${ofRows(settled, summary)} settled`,
    ...unsentClauses(unsent),
    ...(people > 0 ? [needClause([countOf(people, 'row')], people)] : []),
  ];
  return `: ${clauses.join(', ')}`;
}

function attentionSentence(
  summary: RunSummary,
  { settled, unsent, people }: Standing,
  findings: number,
): string {
  const things = [
    ...(people > 0 ? [countOf(people, 'row')] : []),
    ...(findings > 0 ? [countOf(findings, 'finding')] : []),
  ];
  const so =
    settled === summary.rows
      ? allRows(summary)
      : `${ofRows(settled, summary)} as ${settled === 1 || summary.rows === 1 ? 'it' : 'they'} should be`;
  const need = things.length > 0 ? `Finished, and ${needClause(things, people + findings)}` : 'Finished';
  if (summary.rows === 0) return `${need}.`;
  return `${need}; ${[so, ...unsentClauses(unsent)].join(', and ')}.`;
}

function goodSentence(summary: RunSummary): string {
  const { rows, already } = summary;
  if (rows === 0) return 'Finished: there were no rows to work on, and nothing needs a person.';
  const all = allRows(summary).replace(/^./, (first) => first.toUpperCase());
  if (already === 0) return `${all}.`;
  if (already === rows) return `${all}, and ${rows === 1 ? 'was' : 'were'} so before the run.`;
  return `${all}; ${formatNumber(already)} ${already === 1 ? 'was' : 'were'} so before the run.`;
}

/** The job file as an argument of a command line; `JOB` where the run does not know its name. */
function jobArgument(summary: RunSummary): string {
  const path = summary.jobFile ?? 'JOB';
  return /^[\w./:\\@+-]+$/.test(path) ? path : `"${path}"`;
}

/** The one command that carries things on; none when all is well. */
export function nextStep(input: ReportInput): NextStep | undefined {
  const { summary, findings } = input;
  const { settled } = standingOf(summary);
  const job = jobArgument(summary);
  const unknown = summary.verdicts.unknown;
  if (summary.exitCode === EXIT.refusedByLimit) {
    return {
      command: `oathbatch plan ${job}`,
      why: 'Shows the change that was refused. If it is meant, raise the limit in the job file.',
    };
  }
  if (summary.interrupted || summary.exitCode === EXIT.failed) {
    return {
      command: `oathbatch resume ${summary.runId}`,
      why: 'Carries the run on from where it stopped. What is settled is not sent again.',
    };
  }
  if (settled + unknown < summary.rows) {
    return {
      command: `oathbatch run ${job}`,
      why: 'Once the rows that need a person are put right. What is settled is not sent again.',
    };
  }
  if (unknown > 0) {
    return {
      command: `oathbatch verify ${job}`,
      why: 'Lists the tenant again, to settle what is unknown. It writes nothing.',
    };
  }
  if (findings.length > 0) {
    return {
      command: `oathbatch ${summary.kind === 'audit' ? 'audit' : 'verify'} ${job}`,
      why: 'Once the findings are put right. It lists the tenant again and writes nothing.',
    };
  }
  return undefined;
}
