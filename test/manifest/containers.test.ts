// Archives, and standard input: what a file is packed in does not change what is in it, and what could do harm is
// refused.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { zipSync } from 'fflate';
import { afterAll, describe, expect, it } from 'vitest';
import { formatProblem, OperationError } from '../../src/errors.js';
import { loadDesired } from '../../src/manifest/load.js';
import { inspectFile } from '../../src/manifest/load-inspection.js';

const folder = mkdtempSync(join(tmpdir(), 'oathbatch-containers-'));
const file = join(folder, 'seeds.pdf');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const HEADING = 'upn,serial number,secret key,time interval,manufacturer,model';

const CSV = Buffer.from(`${HEADING}\n,0012345,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,30,M,m\n`);

/** What comes of a file with these bytes: its serial numbers, or the sentence by which it is refused. */
async function outcome(bytes: Uint8Array): Promise<readonly string[] | string> {
  writeFileSync(file, bytes);
  try {
    const { rows } = await loadDesired({ manifests: [{ path: 'f', absolutePath: file }], assignments: [] });
    return rows.map(({ serialNumber }) => serialNumber);
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return error.problems.map(formatProblem).join('\n');
  }
}

/** The same archive with some bytes of it replaced, counted from the first place of a signature. */
function changed(archive: Uint8Array, signature: number, offset: number, byte: number): Uint8Array {
  const bytes = Buffer.from(archive);
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(signature);
  bytes[bytes.indexOf(mark) + offset] = byte;
  return bytes;
}

const ENTRY = 0x02014b50;

describe('an archive', () => {
  it.each([
    ['gzip', gzipSync(CSV)],
    ['gzip in two members', Buffer.concat([gzipSync(CSV.subarray(0, 50)), gzipSync(CSV.subarray(50))])],
    ['zip', zipSync({ 'tokens.csv': CSV })],
    ['zip that is not packed', zipSync({ 'tokens.csv': [CSV, { level: 0 }] })],
    ['zip of a Mac', zipSync({ 'a/tokens.csv': CSV, '__MACOSX/._tokens.csv': CSV, 'a/.DS_Store': CSV })],
  ])('of the kind %s is unpacked, whatever its name', async (_kind, bytes) => {
    expect(await outcome(bytes)).toEqual(['0012345']);
    expect(await inspectFile(file, {})).toMatchObject({
      role: 'manifest',
      summary: { container: _kind.startsWith('gzip') ? 'gzip' : 'zip' },
    });
  });

  it.each([
    ['a password', changed(zipSync({ 'a.csv': CSV }), ENTRY, 8, 1), 'is protected by a password'],
    [
      'another method',
      changed(zipSync({ 'a.csv': CSV }), ENTRY, 10, 93),
      'is packed in a way that is not known',
    ],
    ['a wrong checksum', changed(zipSync({ 'a.csv': CSV }), ENTRY, 16, 0), 'is damaged or was cut'],
    ['a wrong size', changed(zipSync({ 'a.csv': CSV }), ENTRY, 24, 7), 'is damaged or was cut'],
    ['a place outside', changed(zipSync({ 'a.csv': CSV }), ENTRY, 44, 9), 'is damaged or was cut'],
    ['two files', zipSync({ 'a.csv': CSV, 'b.csv': CSV }), 'archive of 2 files; unpack it'],
    ['no file', zipSync({ 'a/': new Uint8Array(0) }), 'a zip archive without a file in it'],
    ['a workbook', zipSync({ '[Content_Types].xml': CSV, 'xl/workbook.xml': CSV }), 'an Excel workbook'],
    ['a zip within', zipSync({ 'a.zip': zipSync({ 'a.csv': CSV }) }), 'this is a zip archive; unpack it'],
    ['its end cut off', zipSync({ 'a.csv': CSV }).subarray(0, 100), 'is damaged or was cut'],
    ['its end cut off (gzip)', gzipSync(CSV).subarray(0, 60), 'the gzip archive is damaged or was cut'],
    [
      'a bomb',
      gzipSync(Buffer.from(`${HEADING}\n${`,1,${'a'.repeat(9_999)},30,M,m\n`.repeat(4_000)}`)),
      'grows more than 100 times',
    ],
    ['a bomb in a zip', zipSync({ 'a.csv': new Uint8Array(40 * 1_024 * 1_024) }), 'holds NUL bytes'],
  ])('with %s is refused', async (_what, bytes, sentence) => {
    const refused = await outcome(bytes);
    expect(typeof refused).toBe('string');
    expect(refused).toContain(sentence);
  });

  it('ends in a sentence, whichever bytes of it are damaged', async () => {
    const archives = fc.constantFrom(gzipSync(CSV), zipSync({ 'tokens.csv': CSV }));
    await fc.assert(
      fc.asyncProperty(
        archives,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 }),
        async (archive, damages) => {
          const bytes = Buffer.from(archive);
          for (const [at, byte] of damages) bytes[at % bytes.byteLength] = byte;
          const ended = await outcome(bytes);
          if (typeof ended === 'string') expect(ended).toMatch(/^f:/);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('standard input', () => {
  it('is a file by the name of -', () => {
    const script = `
      import { loadDesired } from ${JSON.stringify(join(import.meta.dirname, '../../dist/manifest/load.js'))};
      const { rows, inputs } = await loadDesired({ manifests: [{ path: '-' }], assignments: [] });
      console.log(rows.at(0).serialNumber, rows.at(0).address.file, inputs[0].sha256.length);`;
    const told = execFileSync(process.execPath, ['--input-type=module', '-e', script], { input: CSV });
    expect(told.toString()).toBe('0012345 - 64\n');
  });
});
