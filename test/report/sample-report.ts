// Reports as a run would make them, for the tests of the report stage: realistic names and sentences,
// every verdict, drawn from a fixed seed so that the same call always gives the same report.

import { seededRandom } from '../../src/random.js';
import { countFindings } from '../../src/reconcile/findings.js';
import {
  type Finding,
  type FindingKind,
  type RowVerdict,
  VERDICTS,
  type Verdict,
} from '../../src/reconcile/verdict.js';
import type { ReportInput } from '../../src/report/model.js';
import type { RunSummary } from '../../src/report/summary.js';

const FILES = ['manifests/feitian-c200-2026-10.csv', 'manifests/token2-c301-berlin.csv'] as const;

const GIVEN = [
  'amelie',
  'björn',
  'chiara',
  'dilan',
  'elif',
  'fatima',
  'grzegorz',
  'hana',
  'ibrahim',
  'josé',
  'katarína',
  'li',
];
const FAMILY = [
  'abel',
  'brandt',
  'cohen',
  'dvořák',
  'eriksen',
  'fischer',
  'garcía',
  'hoffmann',
  'ivanova',
  'jansen',
  'kaya',
];

interface Reason {
  readonly verdict: Verdict;
  readonly reason: string;
  readonly detail: string;
  readonly next: string;
}

const REASONS: readonly Reason[] = [
  {
    verdict: 'conflict',
    reason: 'held-by-another',
    detail: 'The token is assigned to ines.moreau@contoso.com, and the row names somebody else.',
    next: 'Ask who has the token in hand; unassign it, or correct the row.',
  },
  {
    verdict: 'conflict',
    reason: 'held-by-another',
    detail: 'The token is assigned to noor.haddad@contoso.com, and the row names somebody else.',
    next: 'Ask who has the token in hand; unassign it, or correct the row.',
  },
  {
    verdict: 'rejected',
    reason: 'user-not-found',
    detail: 'The tenant has no user of this name.',
    next: 'Correct the user principal name in the assignments file.',
  },
  {
    verdict: 'rejected',
    reason: 'method-limit',
    detail: 'The user holds five OATH tokens already, which is as many as the service allows.',
    next: 'Remove a token that the user no longer has.',
  },
  {
    verdict: 'invalid',
    reason: 'secret-not-base32',
    detail: 'The secret key holds “8”, which is no character of Base32.',
    next: 'Ask the vendor for this token’s key, or leave the row out.',
  },
  {
    verdict: 'invalid',
    reason: 'serial-duplicate',
    detail: 'The serial number stands on line 41 as well.',
    next: 'Remove one of the two rows.',
  },
  {
    verdict: 'unknown',
    reason: 'not-listed-in-time',
    detail: 'The request was answered by a time-out, and the token was in no list within 5 min.',
    next: 'List the tenant again in an hour.',
  },
];

const UNSENT: Reason = {
  verdict: 'unsent',
  reason: 'run-stopped',
  detail: 'The run was interrupted before this row was sent.',
  next: 'Resume the run.',
};

function pick<T>(items: readonly T[], draw: number): T {
  const item = items[Math.floor(draw * items.length)];
  if (item === undefined) throw new Error('there is nothing to pick from');
  return item;
}

export interface SampleOptions {
  readonly rows?: number;
  /** `problems`: every verdict and findings. `good`: nothing needs a person. `stopped`: the last third was not sent. */
  readonly story?: 'problems' | 'good' | 'stopped';
  readonly seed?: number;
}

/** A whole report; 300 rows with every verdict unless told otherwise. */
export function sampleReport({
  rows: count = 300,
  story = 'problems',
  seed = 7,
}: SampleOptions = {}): ReportInput {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, (_, n): RowVerdict => {
    const second = n >= count * 0.7;
    const settled: Verdict =
      random.next() < 0.72 ? 'activated' : random.next() < 0.7 ? 'assigned' : 'in-inventory';
    const trouble = story === 'stopped' && n >= count * 0.66 ? UNSENT : troubleOf(story, n, random.next());
    const verdict = trouble?.verdict ?? settled;
    const sent = verdict !== 'invalid' && verdict !== 'unsent';
    const already = trouble === undefined && random.next() < 0.14;
    const written = sent && !already;
    return {
      n,
      file: second ? FILES[1] : FILES[0],
      line: (second ? n - Math.ceil(count * 0.7) : n) + 2,
      serialNumber: `${second ? 'T2C3' : '24083'}${String(100_000 + n * 7).padStart(7, '0')}`,
      user:
        verdict === 'in-inventory'
          ? ''
          : `${pick(GIVEN, random.next())}.${pick(FAMILY, random.next())}@contoso.com`,
      verdict,
      already,
      reason: trouble?.reason ?? '',
      detail: trouble?.detail ?? '',
      next: trouble?.next ?? '',
      deviceId: sent && verdict !== 'rejected' ? random.uuid() : '',
      userId: sent && verdict !== 'in-inventory' ? random.uuid() : '',
      attempts: written ? (verdict === 'unknown' ? 2 : 1) : 0,
      clientRequestId: written ? random.uuid() : '',
      requestId: written && verdict !== 'unknown' ? random.uuid() : '',
      assignedSince: verdict === 'assigned' ? `2026-11-${n % 2 === 0 ? '02' : '20'}T22:00:00.000Z` : '',
    };
  });
  const report = reportOf(rows, story === 'problems' ? sampleFindings(rows) : [], {
    interrupted: story === 'stopped',
  });
  return { ...report, ...sampleCourse(rows.filter(({ attempts }) => attempts > 0).length) };
}

/** About one row in twelve has trouble, and the first ones have each kind of it. */
function troubleOf(story: string, n: number, draw: number): Reason | undefined {
  if (story === 'good') return undefined;
  if (story === 'problems' && n >= 20 && n < 20 + REASONS.length) return REASONS[n - 20];
  if (story === 'problems' && n === 40)
    return { ...UNSENT, reason: 'user-unresolved', detail: 'The lookup of the user was never answered.' };
  return draw < 0.08 ? pick(REASONS, draw / 0.08) : undefined;
}

function sampleFindings(rows: readonly RowVerdict[]): readonly Finding[] {
  const made: readonly (readonly [FindingKind, string, string])[] = [
    [
      'duplicate-serial',
      'The tenant holds two tokens with this serial number.',
      'Delete the one that nobody holds.',
    ],
    [
      'interval-mismatch',
      'The tenant says 60 s, the manifest 30 s.',
      'Delete the token and run again: the interval cannot be changed.',
    ],
    [
      'model-mismatch',
      'The tenant says “C200”, the manifest “C200-H1”.',
      'Nothing, unless the model is wrong in the manifest.',
    ],
    [
      'activation-failed',
      'The tenant shows a failed activation.',
      'Let the holder try again with a fresh code.',
    ],
  ];
  return made.map(([kind, detail, next], i): Finding => {
    const row = rows[i * 9 + 3];
    if (row === undefined) return { kind, serialNumber: `X${i}`, deviceId: `device-${i}`, detail, next };
    return {
      kind,
      serialNumber: row.serialNumber,
      deviceId: row.deviceId,
      file: row.file,
      line: row.line,
      detail,
      next,
    };
  });
}

const ZERO: Readonly<Record<Verdict, number>> = {
  activated: 0,
  assigned: 0,
  'in-inventory': 0,
  deleted: 0,
  conflict: 0,
  rejected: 0,
  invalid: 0,
  unknown: 0,
  unsent: 0,
};

/** A report around given rows and findings, with counts that add up. */
export function reportOf(
  rows: readonly RowVerdict[],
  findings: readonly Finding[] = [],
  changes: Partial<RunSummary> = {},
): ReportInput {
  const verdicts = { ...ZERO };
  for (const verdict of VERDICTS) verdicts[verdict] = rows.filter((row) => row.verdict === verdict).length;
  const findingCounts = countFindings(findings);
  const settled = verdicts.activated + verdicts.assigned + verdicts['in-inventory'];
  const well = settled === rows.length && findings.length === 0;
  const summary: RunSummary = {
    version: 1,
    tool: 'oathbatch 0.1.0',
    runId: '20261122T090412Z-7f3a',
    job: 'onboarding-berlin',
    jobFile: 'jobs/onboarding.yaml',
    kind: 'onboarding',
    graph: 'https://graph.microsoft.com/beta',
    rows: rows.length,
    verdicts,
    already: rows.filter((row) => row.already).length,
    findings: findingCounts,
    requests: 1_204,
    writes: 548,
    throttled: 14,
    pace: {
      acceptedPerSecond: 18.64,
      gateSeconds: 12,
      finalPace: 19.2,
      leastSeconds: null,
      ratioToLeast: null,
    },
    startedAt: '2026-11-22T09:04:12.000Z',
    endedAt: '2026-11-22T09:05:46.310Z',
    interrupted: false,
    exitCode: changes.interrupted === true ? 130 : well ? 0 : 3,
    inputs: [
      { role: 'manifest', path: FILES[0], sha256: 'b0c1f2d9'.repeat(8), rows: Math.ceil(rows.length * 0.7) },
      { role: 'manifest', path: FILES[1], sha256: '4d5e6a77'.repeat(8), rows: Math.floor(rows.length * 0.3) },
      {
        role: 'assignments',
        path: 'assignments/berlin.csv',
        sha256: '90ab12cd'.repeat(8),
        rows: rows.length,
      },
    ],
    ...changes,
  };
  return { summary, rows, findings };
}

/** A run that met a throttle: 40 writes at once, a gate of ten seconds, then 15 a second. */
function sampleCourse(writes: number): Pick<ReportInput, 'course' | 'actions'> {
  const points = Array.from({ length: 60 }, (_, second) => {
    const gated = second > 2 && second < 12;
    const accepted = second === 0 ? 40 : gated ? 0 : 13 + (second % 4);
    const throttled = second === 1 || second === 2 ? 7 : 0;
    return { atSeconds: second, sent: accepted + throttled, accepted, throttled };
  }).filter(({ sent }) => sent > 0);
  const done = Math.floor(writes * 0.9);
  const tally = { already: 2, givenUp: 1, inDoubt: 3, notSent: 0 };
  return {
    course: {
      startedAt: '2026-11-22T09:04:13.000Z',
      stretchSeconds: 1,
      points,
      allowance: { rate: 15, burst: 40, source: 'rehearsal' },
    },
    actions: [
      { kind: 'create', planned: 40, done: 40, already: 0, refused: 0, givenUp: 0, inDoubt: 0, notSent: 0 },
      { kind: 'assign', planned: writes, done, refused: writes - done - 6, ...tally },
    ],
  };
}

/** One row, with what a test wants to be different. */
export function sampleRow(changes: Partial<RowVerdict> = {}): RowVerdict {
  return {
    n: 0,
    file: 'tokens.csv',
    line: 2,
    serialNumber: '2308374621',
    user: 'amelie.abel@contoso.com',
    verdict: 'activated',
    already: false,
    reason: '',
    detail: '',
    next: '',
    deviceId: '0d6a7b5e-3d1c-4b5a-9a0e-6f1f5f1c2a10',
    userId: '6d0c9b43-5a63-4a3e-8f0f-0a5bb3a2c911',
    attempts: 1,
    clientRequestId: '1f0e7c60-1a86-44b7-a0d0-2a0b8a5a0c01',
    requestId: '8c3b5a27-8f0b-4d7c-9c55-0a8d2b6d7e02',
    ...changes,
  };
}
