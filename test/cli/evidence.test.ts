// The evidence of a run: nothing in the ledger, the reports or the inputs can be changed without being named.
// A small run is played through the command's own parts; then one thing after another is tampered with.

import { createHash, generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type CheckedItem, checkRun } from '../../src/cli/check-run.js';
import { concludedReport } from '../../src/cli/commands/report.js';
import { writeRunFolder } from '../../src/cli/run-folder.js';
import { OperationError } from '../../src/errors.js';
import { chainFields, chainHash } from '../../src/ledger/chain.js';
import type { Ledger, RunRecord } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { readSigningKey } from '../../src/report/signature.js';
import { alterChain, type KeptLine } from '../chain-blocks.js';
import { alterPacked } from '../packed-ledger.js';
import { reportOf, sampleRow } from '../report/sample-report.js';
import { storeReport } from '../report/stored.js';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const PUBLIC = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
const FORMATS = ['csv', 'json', 'html'] as const;
const RUN = 'run-1';

let home = '';
let ledger: Ledger;
let run: RunRecord;
let folder = '';
const input = reportOf(
  Array.from({ length: 30 }, (_, n) => sampleRow({ n, line: n + 2, serialNumber: `24${n}` })),
  [],
  { runId: RUN },
);

function signingKey() {
  const key = readSigningKey(privateKey.export({ format: 'pem', type: 'pkcs8' }).toString());
  if ('wrong' in key) throw new Error(key.wrong);
  return key;
}

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'oathbatch-evidence-'));
  writeFileSync(join(home, 'tokens.csv'), 'serial number\r\n240\r\n');
  const sha256 = createHash('sha256')
    .update(readFileSync(join(home, 'tokens.csv')))
    .digest('hex');
  run = {
    id: RUN,
    job: 'berlin',
    kind: 'onboarding',
    jobFile: join(home, 'job.yaml'),
    overrides: [],
    jobSha256: 'a'.repeat(64),
    graph: 'emulator',
    inputs: [{ role: 'manifest', path: 'tokens.csv', sha256, rows: 30 }],
    tool: 'oathbatch 0.1.0',
    reportsDir: home,
    startedAt: '2026-11-22T09:00:00.000Z',
    state: 'running',
    endedAt: '',
    exitCode: undefined,
  };
  folder = join(home, RUN);
  ledger = openLedger(join(home, 'state'));
  const rows = input.rows.map(({ n, file, line, serialNumber, user }) => {
    return { n, file, line, serialNumber, user, userId: '', deviceId: '', expect: 'assigned', already: '' };
  });
  const action = { step: 0, kind: 'assign', state: 'pending', attempts: 0, throttled: 0 } as const;
  const untold = { deviceId: '', clientRequestId: '', requestId: '', reason: '', detail: '' };
  await ledger.beginRun(
    run,
    rows,
    rows.map(({ n }) => ({ n, ...action, ...untold })),
  );
  const session = { tool: 't', credential: 'default', tenantId: 'T', appId: 'A', user: '', objectId: '' };
  const detail = JSON.stringify({ ...session, account: 'ops', host: 'h' });
  await ledger.note(RUN, 'session', '2026-11-22T09:00:01.000Z', detail);
  for (const { n } of rows) {
    const at = '2026-11-22T09:00:02.000Z';
    await ledger.sent({ runId: RUN, n, step: 0, at, clientRequestId: `c${n}` });
    const settled = { outcome: 'done', status: 201, state: 'done', counts: true } as const;
    await ledger.settled({ runId: RUN, n, step: 0, at, ...untold, ...settled, requestId: `r${n}` });
  }
  const { report, rows: records } = storeReport(input);
  const verdicts = input.rows.map(({ serialNumber, verdict }, i) => {
    return { serialNumber, verdict, record: records.at(i) ?? '' };
  });
  await ledger.conclude(RUN, { at: input.summary.endedAt, report, verdicts });
  await writeRunFolder(input, { run, ledger, signingKey: signingKey(), directory: folder, formats: FORMATS });
});

afterAll(async () => {
  await ledger.close();
  rmSync(home, { recursive: true, force: true });
});

const undo: (() => void)[] = [];

afterEach(() => {
  for (const step of undo.splice(0).reverse()) step();
});

function asIfRefused(line: KeptLine): KeptLine {
  return line.n === 7 && line.event === 'settled' ? { ...line, status: 409 } : line;
}

/** Changes a file for one test. */
function tamper(path: string, change: (text: string) => string): void {
  const before = readFileSync(path);
  undo.push(() => writeFileSync(path, before));
  writeFileSync(path, change(before.toString('utf8')));
}

/** Changes the ledger behind the program's back for one test. */
function tamperLedger(...changes: readonly ((db: Database.Database) => () => void)[]): void {
  const db = new Database(join(home, 'state', 'ledger.db'));
  const back = changes.map((change) => change(db));
  undo.push(() => {
    for (const step of back) step();
    db.close();
  });
}

const bySql =
  (sql: string, back: string) =>
  (db: Database.Database): (() => void) => {
    db.exec(sql);
    return () => db.exec(back);
  };

/** One verdict of many: each is a line. */
const inVerdict = (db: Database.Database): (() => void) =>
  alterPacked(db, 'verdict_block', (text) => text.replace('"activated"', '"assigned"'));

const inPlan = (db: Database.Database): (() => void) =>
  alterPacked(db, 'plan_block', (text) => text.replace('amelie.abel@contoso.com', 'eve@contoso.com'));

const jobHash = async (): Promise<string> => 'a'.repeat(64);

async function differences(options: { readonly publicKey?: string } = {}): Promise<readonly string[]> {
  const request = { directory: folder, kept: { ledger, run }, jobHash, publicKey: PUBLIC, ...options };
  const items: readonly CheckedItem[] = await checkRun(request);
  return items.filter(({ state }) => state === 'differs').map(({ what, detail }) => `${what}: ${detail}`);
}

describe('a run that nobody touched', () => {
  it('is as its evidence says, in every part', async () => {
    expect(await differences()).toEqual([]);
    const items = await checkRun({ directory: folder, kept: { ledger, run }, jobHash, publicKey: PUBLIC });
    expect(items.map(({ what, state }) => `${what} ${state}`)).toEqual([
      'signature same',
      'ledger chain same',
      'ledger plan same',
      'ledger verdicts same',
      'ledger run same',
      'evidence.json same',
      'rows.csv same',
      'findings.csv same',
      'report.html same',
      'summary.json same',
      `${join(home, 'job.yaml')} same`,
      'tokens.csv same',
    ]);
  });

  it('is reported again byte for byte, and keeps its signature', async () => {
    const names = ['rows.csv', 'report.html', 'summary.json', 'evidence.json', 'evidence.json.sig'];
    const before = names.map((name) => readFileSync(join(folder, name)));
    const { input: again } = await concludedReport(run, ledger);
    await writeRunFolder(again, { run, ledger, signingKey: undefined, directory: folder, formats: FORMATS });
    expect(names.map((name) => readFileSync(join(folder, name)))).toEqual(before);
  });

  it('is reported, and checked, with one walk through its chain', async () => {
    const walks = vi.spyOn(ledger, 'events');
    try {
      const { input: again, chain } = await concludedReport(run, ledger);
      const where = { run, ledger, signingKey: undefined, directory: folder, formats: FORMATS, chain };
      await writeRunFolder(again, where);
      expect(walks).toHaveBeenCalledTimes(1);
      await checkRun({ directory: folder, kept: { ledger, run }, jobHash });
      expect(walks).toHaveBeenCalledTimes(2);
    } finally {
      walks.mockRestore();
    }
  });

  it('needs no ledger for the folder to be compared', async () => {
    const items = await checkRun({ directory: folder, jobHash });
    expect(items.filter(({ state }) => state !== 'same')).toEqual([]);
  });

  it('may have lost its inputs, which is said and is no difference', async () => {
    tamper(join(home, 'tokens.csv'), (text) => text);
    rmSync(join(home, 'tokens.csv'));
    const items = await checkRun({ directory: folder, kept: { ledger, run }, jobHash });
    expect(items.at(-1)).toMatchObject({ what: 'tokens.csv', state: 'absent' });
    expect(await differences()).toEqual([]);
  });
});

describe('a changed byte is named', () => {
  it('in rows.csv, with its place', async () => {
    tamper(join(folder, 'rows.csv'), (text) => text.replace('activated', 'activatex'));
    const offset = readFileSync(join(folder, 'rows.csv'), 'utf8').indexOf('activatex') + 'activate'.length;
    expect(await differences()).toEqual([`rows.csv: byte ${offset}, in line 2, is not as it was written`]);
  });

  it('behind the end of report.html', async () => {
    const { length } = readFileSync(join(folder, 'report.html'));
    const lines = readFileSync(join(folder, 'report.html'), 'utf8').split('\n').length;
    tamper(join(folder, 'report.html'), (text) => `${text} `);
    expect(await differences()).toEqual([
      `report.html: byte ${length}, in line ${lines}, is not as it was written`,
    ]);
  });

  it.each([
    ['summary.json is gone', 'summary.json', undefined, ['summary.json: it is not there']],
    ['the signature is gone', 'evidence.json.sig', undefined, ['signature: evidence.json.sig is not there']],
    ['the evidence is gone', 'evidence.json', undefined, ['evidence.json: it is not there']],
    [
      'the evidence names another account',
      'evidence.json',
      (text: string) => text.replace('"account": "ops"', '"account": "eve"'),
      [
        'signature: it does not fit evidence.json',
        'evidence.json: it says of sessions what the ledger does not',
      ],
    ],
    [
      'the evidence names another exit code',
      'evidence.json',
      (text: string) => text.replace('"exitCode": 0', '"exitCode": 3'),
      ['signature: it does not fit evidence.json', 'evidence.json: it says of run what the ledger does not'],
    ],
  ])('when %s', async (_what, name, change, expected) => {
    tamper(join(folder, name), change ?? ((text) => text));
    if (change === undefined) rmSync(join(folder, name));
    expect(await differences()).toEqual(expected);
  });

  it('in an input', async () => {
    tamper(join(home, 'tokens.csv'), (text) => text);
    appendFileSync(join(home, 'tokens.csv'), ' ');
    expect(await differences()).toEqual(['tokens.csv: the input is not the file that was read']);
  });

  it('in the job', async () => {
    const items = await checkRun({
      directory: folder,
      kept: { ledger, run },
      jobHash: async () => 'b'.repeat(64),
    });
    expect(items.filter(({ state }) => state === 'differs').map(({ what }) => what)).toEqual([run.jobFile]);
  });

  it.each([
    [
      'a line of the chain',
      (db: Database.Database) => alterChain(db, RUN, (lines) => lines.map(asIfRefused)),
      /^ledger chain: line \d+ \(settled of row 7, .*\) does not follow from the lines before it$/,
    ],
    ['a planned row', inPlan, /^ledger plan: /],
    [
      'a planned action',
      bySql("UPDATE action SET kind = 'create' WHERE n = 3", "UPDATE action SET kind = 'assign' WHERE n = 3"),
      /^ledger plan: /,
    ],
    ['a verdict', inVerdict, /^ledger verdicts: /],
    [
      'the summary',
      bySql(
        `UPDATE conclusion SET report = replace(report, '"throttled":14', '"throttled":0')`,
        `UPDATE conclusion SET report = replace(report, '"throttled":0', '"throttled":14')`,
      ),
      /^ledger verdicts: /,
    ],
  ])('in the ledger: %s', async (_what, change, expected) => {
    tamperLedger(change);
    const found = await differences();
    expect(found.some((line) => expected.test(line))).toBe(true);
  });

  it('in the ledger, when the evidence is gone as well', async () => {
    tamper(join(folder, 'evidence.json'), (text) => text);
    rmSync(join(folder, 'evidence.json'));
    tamperLedger(inVerdict, inPlan);
    const found = await differences();
    expect(found.map((line) => line.split(':')[0])).toEqual([
      'evidence.json',
      'ledger plan',
      'ledger verdicts',
      'ledger run',
    ]);
  });

  it('when the end of the chain was cut off', async () => {
    tamperLedger((db) => alterChain(db, RUN, (lines) => lines.filter(({ event }) => event !== 'concluded')));
    expect(await differences()).toContain(
      'ledger chain: it does not lead to the line that the evidence names',
    );
  });

  it('when the whole chain was made anew behind a changed line', async () => {
    let head = '';
    const anew = (line: KeptLine): KeptLine => {
      head = chainHash(head, chainFields(RUN, line));
      return { ...line, hash: head };
    };
    tamperLedger((db) => alterChain(db, RUN, (lines) => lines.map(asIfRefused).map(anew)));
    expect(await differences()).toEqual([
      'ledger chain: it does not lead to the line that the evidence names',
    ]);
  });

  it('when the run is said to have had another job', async () => {
    const other = { ...run, jobSha256: 'c'.repeat(64) };
    const items = await checkRun({ directory: folder, kept: { ledger, run: other }, jobHash });
    expect(items.filter(({ state }) => state === 'differs').map(({ what }) => what)).toEqual([
      'ledger run',
      'evidence.json',
    ]);
  });

  it('when another key signed it', async () => {
    const other = generateKeyPairSync('ed25519').publicKey.export({ format: 'der', type: 'spki' });
    expect(await differences({ publicKey: other.toString('base64') })).toEqual([
      'signature: it was made with another key',
    ]);
  });
});

describe('from a ledger that was altered', () => {
  it('no report is written again', async () => {
    tamperLedger(inVerdict);
    const error: unknown = await concludedReport(run, ledger).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OperationError);
    expect(error).toMatchObject({ code: 'ledger-altered' });
  });
});

describe('evidence that is written without the key', () => {
  it('is no longer signed when it says something else', async () => {
    const names = ['rows.csv', 'summary.json', 'evidence.json', 'evidence.json.sig'];
    const before = names.map((name) => readFileSync(join(folder, name)));
    undo.push(() => names.forEach((name, i) => void writeFileSync(join(folder, name), before[i] ?? '')));
    const fewer = { run, ledger, signingKey: undefined, directory: folder, formats: ['csv'] } as const;
    await writeRunFolder((await concludedReport(run, ledger)).input, fewer);
    expect(await differences()).toEqual(['signature: the evidence does not say that it is signed']);
    expect(() => readFileSync(join(folder, 'evidence.json.sig'))).toThrow('ENOENT');
  });
});
