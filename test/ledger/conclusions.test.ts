// What the ledger keeps of a run's end, in a real file: conclusions, the chain, and what is drawn once.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkChain } from '../../src/ledger/chain.js';
import type { Conclusion, Ledger, RunRecord } from '../../src/ledger/ledger.js';
import { MIGRATIONS } from '../../src/ledger/schema.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { alterChain } from '../chain-blocks.js';
import { wholeConclusion } from '../gathered.js';

let state = '';
let ledger: Ledger;

beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'oathbatch-ledger-'));
  ledger = openLedger(state);
});

afterEach(async () => {
  await ledger.close();
  rmSync(state, { recursive: true, force: true });
});

function runRecord(id: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    id,
    job: 'berlin',
    kind: 'onboarding',
    jobFile: 'job.yaml',
    overrides: [],
    jobSha256: '',
    graph: 'emulator',
    inputs: [],
    tool: 'oathbatch',
    reportsDir: 'reports',
    startedAt: '2026-11-22T09:00:00.000Z',
    state: 'running',
    endedAt: '',
    exitCode: undefined,
    ...changes,
  };
}

function conclusion(at: string, verdicts: Readonly<Record<string, string>>): Conclusion {
  return {
    at,
    report: '{}',
    verdicts: Object.entries(verdicts).map(([serialNumber, verdict]) => {
      return { serialNumber, verdict, record: `{"verdict":"${verdict}"}` };
    }),
  };
}

describe('a conclusion', () => {
  it('is kept, and a later one takes its place', async () => {
    await ledger.beginRun(runRecord('r'), [], []);
    expect(await ledger.conclusion('r')).toBeUndefined();
    await ledger.conclude('r', conclusion('2026-11-22T10:00:00.000Z', { 1: 'unsent', 2: 'unsent' }));
    const at = '2026-11-22T11:00:00.000Z';
    await ledger.conclude('r', conclusion(at, { 1: 'assigned' }));
    expect(await wholeConclusion(ledger, 'r')).toEqual({
      at,
      report: '{}',
      records: ['{"verdict":"assigned"}'],
    });
    const { notes, broken } = await walkChain('r', ledger.events('r'));
    expect(broken).toBeUndefined();
    expect(notes.map(({ event }) => event)).toEqual(['began', 'concluded', 'concluded']);
  });
});

describe('the chain', () => {
  it('is walked over every page, and ends where a line was changed', async () => {
    await ledger.beginRun(runRecord('r'), [], []);
    await ledger.beginRun(runRecord('other'), [], []);
    const at = '2026-11-22T09:00:00.000Z';
    const lines = Array.from({ length: 12_000 }, (_, n) => n);
    await Promise.all(
      lines.flatMap((n) => [
        ledger.sent({ runId: 'r', n, step: 0, at, clientRequestId: `${n}` }),
        ledger.note('other', 'session', at, '{}'),
      ]),
    );
    const whole = await walkChain('r', ledger.events('r'), 7_000);
    expect(whole).toMatchObject({ events: 12_001, broken: undefined });
    expect(whole.marked).not.toBe('');
    expect(whole.marked).not.toBe(whole.head);

    const db = new Database(join(state, 'ledger.db'));
    alterChain(db, 'r', (kept) =>
      kept.map((line) => (line.n === 9_000 ? { ...line, clientRequestId: 'x' } : line)),
    );
    db.close();
    const cut = await walkChain('r', ledger.events('r'));
    expect(cut.events).toBe(9_001);
    expect(cut.broken).toMatchObject({ n: 9_000, event: 'sent' });
  });
});

describe('since when a token is assigned', () => {
  const days = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04'];

  async function history(graph: string, ...verdicts: readonly string[]): Promise<void> {
    for (const [i, verdict] of verdicts.entries()) {
      const id = `${graph}-${i}`;
      await ledger.beginRun(runRecord(id, { graph }), [], []);
      await ledger.conclude(id, conclusion(days[i] ?? '', { S: verdict }));
    }
  }

  it.each([
    [['assigned', 'assigned'], '2026-11-01'],
    [['unknown', 'assigned', 'unsent', 'assigned'], '2026-11-02'],
    [['assigned', 'in-inventory', 'assigned'], '2026-11-03'],
    [['assigned', 'activated'], undefined],
    [['unsent'], undefined],
  ])('after the verdicts %j it is %s', async (verdicts, since) => {
    await history('emulator', ...verdicts);
    await history('global', 'assigned');
    expect((await ledger.assignedSince('emulator')).get('S')).toBe(since);
  });
});

it('leaves out the run that asks since when tokens are assigned', async () => {
  for (const [id, at] of [
    ['r1', '2026-11-01'],
    ['r2', '2026-11-02'],
  ] as const) {
    await ledger.beginRun(runRecord(id, { graph: 'besides' }), [], []);
    await ledger.conclude(id, conclusion(at, { S: 'assigned' }));
  }
  expect((await ledger.assignedSince('besides', 'r2')).get('S')).toBe('2026-11-01');
  expect((await ledger.assignedSince('besides', 'r1')).get('S')).toBeUndefined();
  // That nothing is known is only said where it is so.
  expect([
    (await ledger.assignedSince('besides')).size,
    (await ledger.assignedSince('elsewhere')).size,
  ]).toEqual([1, 0]);
  expect((await ledger.assignedSince('besides')).get('S')).toBe('2026-11-01');
});

it.each([
  [
    'of which one was concluded late',
    [
      ['02', 'assigned'],
      ['01', 'activated'],
    ],
    '',
    '2026-11-02',
  ],
  [
    'of which two were concluded at one time',
    [
      ['01', 'assigned'],
      ['02', 'activated'],
      ['02', 'assigned'],
    ],
    '',
    undefined,
  ],
  [
    'without one that found it otherwise',
    [
      ['01', 'assigned'],
      ['02', 'activated'],
      ['03', 'assigned'],
    ],
    'r1',
    '2026-11-01',
  ],
] as const)('tells since when a token is assigned from runs %s', async (_what, runs, besides, since) => {
  for (const [i, [day, verdict]] of runs.entries()) {
    await ledger.beginRun(runRecord(`r${i}`), [], []);
    await ledger.conclude(`r${i}`, conclusion(`2026-11-${day}`, { S: verdict }));
  }
  expect((await ledger.assignedSince('emulator', besides)).get('S')).toBe(since);
});

describe('what is remembered of tokens that wait', () => {
  const remembered = (): number => {
    const db = new Database(join(state, 'ledger.db'));
    const { length } = db.prepare('SELECT * FROM seen_block').all();
    db.close();
    return length;
  };

  it('grows when one begins to wait or ends to, and not with every run', async () => {
    const counts: number[] = [];
    const nights = ['unsent', 'assigned', 'assigned', 'assigned', 'activated', 'activated', 'assigned'];
    for (const [night, verdict] of nights.entries()) {
      await ledger.beginRun(runRecord(`n${night}`), [], []);
      await ledger.conclude(`n${night}`, conclusion(`2026-11-0${night + 1}`, { S: verdict, T: 'activated' }));
      counts.push(remembered());
    }
    expect(counts).toEqual([0, 1, 1, 1, 2, 2, 3]);
    expect((await ledger.assignedSince('emulator')).get('S')).toBe('2026-11-07');
  });

  it('is whole for very many, whatever their serial numbers are', async () => {
    const serials = Array.from({ length: 1_234 }, (_, n) => `S "${n}"\n${n % 2 === 0 ? 'ü' : ''}`);
    const found = (verdict: string): Readonly<Record<string, string>> =>
      Object.fromEntries(serials.map((serial) => [serial, verdict]));
    for (const [id, at, verdict] of [
      ['r1', '2026-11-01', 'assigned'],
      ['r2', '2026-11-02', 'in-inventory'],
      ['r3', '2026-11-03', 'assigned'],
    ] as const) {
      await ledger.beginRun(runRecord(id), [], []);
      await ledger.conclude(id, conclusion(at, found(verdict)));
      const since = await ledger.assignedSince('emulator');
      const expected = verdict === 'assigned' ? at : undefined;
      expect(serials.map((serial) => since.get(serial))).toEqual(serials.map(() => expected));
    }
  });
});

describe('a drawn value', () => {
  it('is the same from then on, after a restart as well', async () => {
    expect(await ledger.drawn('salt', () => 'first')).toBe('first');
    expect(await ledger.drawn('salt', () => 'second')).toBe('first');
    await ledger.close();
    ledger = openLedger(state);
    expect(await ledger.drawn('salt', () => 'third')).toBe('first');
    expect(await ledger.drawn('other', () => 'fourth')).toBe('fourth');
  });
});

describe('a ledger of an earlier version', () => {
  it('is brought to this one, and its runs have no conclusion', async () => {
    const old = mkdtempSync(join(tmpdir(), 'oathbatch-old-'));
    const db = new Database(join(old, 'ledger.db'));
    db.exec(MIGRATIONS[0] ?? '');
    db.pragma('user_version = 1');
    db.exec(
      `INSERT INTO run VALUES ('r', 'j', 'k', 'f', '[]', '', 'g', '[]', 't', 'd', 's', 'finished', '', 0)`,
    );
    db.close();
    const opened = openLedger(old);
    expect((await opened.runs()).map(({ id }) => id)).toEqual(['r']);
    expect(await opened.conclusion('r')).toBeUndefined();
    await opened.close();
    rmSync(old, { recursive: true, force: true });
  });
});
