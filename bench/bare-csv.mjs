// The peer of reading: csv-parse alone, over whole files, as its manual shows it. It checks nothing.

import { createReadStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { parse } from 'csv-parse';

let records = 0;
for (const path of process.argv.slice(2)) {
  const parser = createReadStream(path).pipe(parse());
  parser.on('readable', () => {
    while (parser.read() !== null) records += 1;
  });
  await finished(parser);
}
console.log(JSON.stringify({ records }));
