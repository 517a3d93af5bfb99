// How fast manifests are read, beside the bare parser on the same file, and how much memory it takes: a million
// rows of Microsoft's CSV, and 200,000 keys of PSKC. Each measurement is a process of its own.
//
//   npm run bench:manifest [-- ROWS KEYS]

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { base32nopad } from '@scure/base';

const SELF = fileURLToPath(import.meta.url);
const [mode, first] = process.argv.slice(2);

/** What one process measures: how many entries it read. */
const MEASURES = {
  async empty() {
    return 0;
  },
  async 'csv-bare'(path) {
    const { Parser } = await import('csv-parse');
    let rows = 0;
    const parser = new Parser({
      on_record: () => {
        rows += 1;
        return null;
      },
    });
    parser.resume();
    await pipeline(createReadStream(path, { highWaterMark: 262_144 }), parser);
    return rows;
  },
  'csv-read': readRows,
  async 'pskc-bare'(path) {
    const { SaxesParser } = await import('saxes');
    let keys = 0;
    const parser = new SaxesParser({ xmlns: true });
    parser.on('closetag', (tag) => {
      if (tag.local === 'Key') keys += 1;
    });
    parser.on('text', () => undefined);
    for await (const text of createReadStream(path, { encoding: 'utf8', highWaterMark: 262_144 })) {
      parser.write(text);
    }
    parser.close();
    return keys;
  },
  'pskc-read': readRows,
};

/** The rows of a file, one batch after the other, none kept. */
async function readRows(path) {
  const { FileReading } = await import('../dist/manifest/read-rows.js');
  const { tokenTable } = await import('../dist/manifest/formats/token-table.js');
  const { tokenDocument } = await import('../dist/manifest/formats/token-document.js');
  const formats = { table: tokenTable({}), document: (head, file) => tokenDocument(head, file, {}) };
  let rows = 0;
  for await (const batch of new FileReading(path, 'file', formats).rows()) {
    for (const row of batch) if (row.token !== undefined) rows += 1;
  }
  return rows;
}

const secretOf = (index) => createHash('sha1').update(`bench ${index}`).digest();

async function writeFile(path, head, line, count, tail) {
  await pipeline(function* () {
    yield head;
    for (let from = 0; from < count; from += 1_000) {
      let text = '';
      for (let index = from; index < Math.min(count, from + 1_000); index += 1) text += line(index);
      yield text;
    }
    yield tail;
  }, createWriteStream(path));
}

const csvLine = (index) =>
  `,${String(index).padStart(10, '0')},${base32nopad.encode(secretOf(index))},${index % 2 === 0 ? 30 : 60},Contoso,C100\n`;

const pskcKey = (
  index,
) => `<KeyPackage><DeviceInfo><Manufacturer>Contoso</Manufacturer><SerialNo>${String(index).padStart(10, '0')}</SerialNo><Model>C100</Model></DeviceInfo>
<Key Id="${index}" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:totp"><AlgorithmParameters><Suite>HMAC-SHA1</Suite><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>
<Data><Secret><PlainValue>${secretOf(index).toString('base64')}</PlainValue></Secret><Time><PlainValue>0</PlainValue></Time><TimeInterval><PlainValue>30</PlainValue></TimeInterval></Data></Key></KeyPackage>
`;

function measure(what, path) {
  const out = execFileSync(process.execPath, [SELF, `--${what}`, path], { encoding: 'utf8' });
  return JSON.parse(out);
}

async function main(rows, keys) {
  const folder = mkdtempSync(join(tmpdir(), 'oathbatch-bench-'));
  try {
    const csv = join(folder, 'tokens.csv');
    const pskc = join(folder, 'tokens.xml');
    await writeFile(
      csv,
      'upn,serial number,secret key,time interval,manufacturer,model\n',
      csvLine,
      rows,
      '',
    );
    const open = '<KeyContainer Version="1.0" xmlns="urn:ietf:params:xml:ns:keyprov:pskc">\n';
    await writeFile(pskc, open, pskcKey, keys, '</KeyContainer>\n');
    const empty = measure('empty', csv);
    for (const [kind, path, expected] of [
      ['csv', csv, rows],
      ['pskc', pskc, keys],
    ]) {
      const bare = measure(`${kind}-bare`, path);
      const read = measure(`${kind}-read`, path);
      if (read.entries !== expected) throw new Error(`${kind}: ${read.entries} of ${expected} were read`);
      const rate = (one) => Math.round(expected / one.seconds).toLocaleString('en');
      const above = (one) => Math.round((one.peakBytes - empty.peakBytes) / 1_048_576);
      console.log(
        `${kind}: ${expected.toLocaleString('en')} entries, ${Math.round(statSync(path).size / 1_048_576)} MiB`,
      );
      console.log(
        `  bare parser  ${rate(bare).padStart(9)} a second, ${above(bare)} MiB above the empty process`,
      );
      console.log(
        `  oathbatch    ${rate(read).padStart(9)} a second, ${above(read)} MiB above the empty process`,
      );
      console.log(`  ratio        ${(read.seconds / bare.seconds).toFixed(2)} times the bare parser's time`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const measured = MEASURES[mode?.replace(/^--/, '') ?? ''];
if (measured === undefined) {
  await main(Number(mode ?? 1_000_000), Number(first ?? 200_000));
} else {
  const start = process.hrtime.bigint();
  const entries = await measured(first);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  console.log(JSON.stringify({ entries, seconds, peakBytes: process.resourceUsage().maxRSS * 1_024 }));
}
