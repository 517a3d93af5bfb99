// What `oathbatch inspect` finds out: the recognition of a file, and the guess for a table that nobody knows.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { columnsBlock } from '../../src/manifest/guess-columns.js';
import { type Inspection, inspectFile } from '../../src/manifest/load-inspection.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-inspect-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const KEYS = ['GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 'PJFDWRFNQYRKCAVMR4LD2TY7GPONV76N'] as const;

async function inspect(text: string): Promise<Inspection> {
  const path = join(folder, 'file.csv');
  writeFileSync(path, text);
  return inspectFile(path, {});
}

function block(inspection: Inspection): unknown {
  if (inspection.role !== 'unusable' || inspection.guess === undefined)
    throw new Error('nothing was guessed');
  const text = columnsBlock('seeds.csv', inspection.guess);
  for (const key of KEYS) expect(text).not.toContain(key);
  return parse(text);
}

describe('inspectFile', () => {
  it('says what was recognised, counts rows and kinds, and shows the first rows', async () => {
    const inspection = await inspect(
      `serial number,secret key,time interval,manufacturer,model\n0001,${KEYS[0]},30,M,m\n0002,${KEYS[1]},45,M,m\n`,
    );
    if (inspection.role !== 'manifest') throw new Error(inspection.role);
    expect(inspection.summary).toMatchObject({
      rows: 2,
      textEncoding: 'UTF-8',
      separator: ',',
      description: { format: 'safeid-csv', secretEncoding: { encoding: 'base32' } },
    });
    expect([...inspection.tally.kinds]).toEqual([['M m, 30 s, hmacsha1', 1]]);
    expect(inspection.tally.reasons.get('interval-unsupported')).toMatchObject({ count: 1, line: 3 });
    expect(inspection.first.map(({ serialNumber }) => serialNumber)).toEqual(['0001', '0002']);
  });

  it('takes a list of serial numbers and users for what it is', async () => {
    expect(await inspect('serial,user\n1,a@b.c\n')).toMatchObject({
      role: 'assignments',
      tally: { good: 1 },
    });
  });

  it('guesses the columns of a table with a heading by name', async () => {
    const guessed = block(
      await inspect(`Nr;Geraet;Wer;Schluessel\n1;00401;a@b.c;${KEYS[0]}\n2;00402;d@b.c;${KEYS[1]}\n`),
    );
    expect(guessed).toMatchObject({
      manifests: [
        {
          path: 'seeds.csv',
          columns: { serialNumber: 'Geraet', secretKey: 'Schluessel', user: 'Wer' },
          secretEncoding: 'base32',
        },
      ],
    });
  });

  it('guesses the columns of a table without a heading by number, and repeats no cell of it', async () => {
    const guessed = block(await inspect(`x,00401,${KEYS[0]},60,sha256\ny,00402,${KEYS[1]},60,sha256\n`));
    expect(guessed).toMatchObject({
      manifests: [
        { columns: { serialNumber: 2, secretKey: 3, timeInterval: 4, hashFunction: 5 }, defaults: {} },
      ],
    });
  });

  it('says of a file that is not there that it is not there', async () => {
    expect(await inspectFile(join(folder, 'none.csv'), {})).toEqual({
      path: join(folder, 'none.csv'),
      role: 'unusable',
      troubles: [{ message: 'there is no such file' }],
    });
  });
});
