// Records as the pipeline writes them.

import type {
  LedgerAction,
  LedgerRow,
  RunRecord,
  SentRecord,
  SettledRecord,
} from '../../src/ledger/ledger.js';

export function run(id: string, more: Partial<RunRecord> = {}): RunRecord {
  return {
    ...{
      id,
      job: 'berlin',
      kind: 'onboarding',
      jobFile: 'jobs/berlin.yaml',
      overrides: ['limits.maxChanges=5'],
    },
    ...{ jobSha256: 'ab12', graph: 'emulator', tool: 'oathbatch 0', reportsDir: 'reports' },
    inputs: [{ role: 'manifest', path: 'tokens.csv', sha256: 'cd34', rows: 3 }],
    ...{ startedAt: '2026-01-05T08:00:00.000Z', state: 'running', endedAt: '', exitCode: undefined },
    ...more,
  };
}

export function row(n: number, more: Partial<LedgerRow> = {}): LedgerRow {
  return {
    ...{
      n,
      file: 'tokens.csv',
      line: n + 2,
      serialNumber: `S${n}`,
      user: `user${n}@x.test`,
      userId: `u${n}`,
    },
    ...{ deviceId: '', expect: 'assigned', already: '' },
    ...more,
  };
}

export function action(n: number, step = 0, more: Partial<LedgerAction> = {}): LedgerAction {
  return {
    ...{ n, step, kind: step === 0 ? 'create' : 'assign', state: 'pending', attempts: 0, throttled: 0 },
    ...{ deviceId: '', clientRequestId: '', requestId: '', reason: '', detail: '' },
    ...more,
  };
}

export function sent(n: number, more: Partial<SentRecord> = {}): SentRecord {
  return {
    ...{ runId: 'r1', n, step: 0, at: '2026-01-05T08:00:01.000Z', clientRequestId: `ours-${n}` },
    ...more,
  };
}

export function settled(n: number, more: Partial<SettledRecord> = {}): SettledRecord {
  return {
    ...{ runId: 'r1', n, step: 0, at: '2026-01-05T08:00:02.000Z', outcome: 'done', status: 201 },
    ...{ requestId: `theirs-${n}`, state: 'done', deviceId: `d${n}`, reason: '', detail: '', counts: true },
    ...more,
  };
}
