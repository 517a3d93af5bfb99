// The edge between text and tables: cuts the text of a CSV file into records, each with the line on which it
// starts, in bounded memory. As far as there are no quotes in it, it is cut here; csv-parse does the rest. What a
// record means is not known here.

import type { TableRecord } from './formats/table-format.js';
import { PlainRecords } from './plain-records.js';
import type { QuotedRecords } from './read-quoted.js';
import type { Separator } from './separator.js';

/**
 * The records of a CSV text in order, the heading among them, some at a time. Lines whose cells are all empty are
 * passed over. Cells are trimmed outside quotes only.
 *
 * @throws {FileRefusal} `input-invalid` when a quote is broken or a record has no end. The records before it have
 *   been handed over by then.
 *
 * @example
 * for await (const records of readCsv(texts, ',')) console.log(records[0]?.line, records[0]?.cells.length);
 */
export async function* readCsv(
  texts: AsyncIterable<string>,
  separator: Separator,
): AsyncGenerator<readonly TableRecord[]> {
  const plain = new PlainRecords(separator);
  let quoted: QuotedRecords | undefined;
  try {
    for await (const text of texts) {
      if (quoted !== undefined) {
        yield* quoted.push(text);
        continue;
      }
      yield plain.push(text);
      if (plain.isPlain) continue;
      // Most files have no quotes, and the parser is not loaded for them.
      const parser = await import('./read-quoted.js');
      quoted = new parser.QuotedRecords(separator, plain.line);
      yield* quoted.push(plain.rest);
    }
    if (quoted === undefined) yield plain.end();
    else yield* quoted.end();
  } finally {
    quoted?.close();
  }
}
