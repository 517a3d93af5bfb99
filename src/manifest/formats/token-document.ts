// Documents of tokens: what a document reads becomes rows by the same rules as a table's.

import type { ManifestOptions } from '../manifest-options.js';
import { recogniseDocument } from '../recognise-document.js';
import type { InvalidRow, TokenRow } from '../row.js';
import { TokenCheck } from '../token-check.js';
import type { DocumentFormat, DocumentReader, DocumentToken } from './document-format.js';
import type { FormatDescription } from './table-format.js';

/** A recognised document whose rows are checked. */
export interface RowDocument<Row> {
  readonly description: FormatDescription;
  push(text: string): readonly (Row | InvalidRow)[];
  end(): readonly (Row | InvalidRow)[];
  remarks(): readonly string[];
}

/** A recognised document whose tokens are as the file has them. */
export interface TokenDocument {
  readonly format: DocumentFormat;
  readonly reader: DocumentReader;
  readonly description: FormatDescription;
}

/**
 * The document that a file is; `undefined` when it is a table. A job that names columns says that it is one.
 *
 * @param head - the beginning of the text.
 * @throws {FileRefusal} for a kind of file that is known and cannot be used.
 */
export function openTokenDocument(head: string, options: ManifestOptions): TokenDocument | undefined {
  const format = options.columns === undefined ? recogniseDocument(head) : undefined;
  if (format === undefined) return undefined;
  const description = { format: format.name, title: format.title };
  return { format, reader: format.open(options), description };
}

/**
 * The same with its rows checked.
 *
 * @param file - what the file is called in addresses.
 */
export function tokenDocument(
  head: string,
  file: string,
  options: ManifestOptions,
): RowDocument<TokenRow> | undefined {
  const document = openTokenDocument(head, options);
  if (document === undefined) return undefined;
  const { format, reader, description } = document;
  const check = new TokenCheck(
    { ...options.defaults, ...options },
    format.implied,
    options.secretEncoding ?? 'base32',
  );
  const rows = (tokens: readonly DocumentToken[]): readonly (TokenRow | InvalidRow)[] =>
    tokens.map(({ raw, line }) => check.read(raw, { file, line }));
  return {
    description,
    push: (text) => rows(reader.push(text)),
    end: () => rows(reader.end()),
    remarks: () => [...check.remarks(), ...reader.remarks()],
  };
}
