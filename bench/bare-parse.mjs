// The peer of planning: csv-parse alone over the files, and JSON.parse alone over the pages of the lists, a page to a
// line, read from the disk. Nothing is joined, and no request is sent.
//
//   node bench/bare-parse.mjs CSV... -- PAGES...

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { parse } from 'csv-parse';

const files = process.argv.slice(2);
const csv = files.slice(0, files.indexOf('--'));
const lists = files.slice(files.indexOf('--') + 1);
let records = 0;
for (const path of csv) {
  const parser = createReadStream(path).pipe(parse());
  parser.on('readable', () => {
    while (parser.read() !== null) records += 1;
  });
  await finished(parser);
}
let items = 0;
for (const path of lists) {
  for await (const page of createInterface({
    input: createReadStream(path),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    items += JSON.parse(page).value.length;
  }
}
console.log(JSON.stringify({ records, items }));
