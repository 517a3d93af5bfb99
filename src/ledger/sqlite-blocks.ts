// The lines of a run, many to a block, on SQLite.

import type Database from 'libsql';
import { decodeBlock, decodeBlockNumber } from './decode-records.js';
import type { LinesHash } from './digest.js';
import { LinePacker, unpackText } from './packed-lines.js';

export class LineBlocks {
  readonly #insert: Database.Statement;
  readonly #read: Database.Statement;
  readonly #readOne: Database.Statement;
  readonly #numbers: Database.Statement;
  readonly #drop: Database.Statement;

  /** @param table - with the columns run_id, block and lines. */
  constructor(db: Database.Database, table: 'plan_block' | 'verdict_block') {
    this.#insert = db.prepare(`INSERT INTO ${table} (run_id, block, lines) VALUES (?, ?, ?)`);
    this.#read = db.prepare(`SELECT lines FROM ${table} WHERE run_id = ? ORDER BY block`);
    this.#readOne = db.prepare(`SELECT lines FROM ${table} WHERE run_id = ? AND block = ?`);
    this.#numbers = db.prepare(`SELECT block FROM ${table} WHERE run_id = ? ORDER BY block`);
    this.#drop = db.prepare(`DELETE FROM ${table} WHERE run_id = ?`);
  }

  /**
   * Puts these in place of what a run had. Inside a transaction of the caller's.
   *
   * @param hash - to which they are added.
   */
  replace(runId: string, lines: Iterable<string | Uint8Array>, hash?: LinesHash): void {
    this.#drop.run(runId);
    let block = 0;
    const packer = new LinePacker((packed, text) => {
      hash?.addText(text);
      this.#insert.run(runId, block, packed);
      block += 1;
    });
    for (const line of lines) packer.add(line);
    packer.end();
  }

  /** The lines, each with its line break, in pieces of many. Throws when a block is damaged. */
  *texts(runId: string): Generator<string, void> {
    for (const row of this.#read.iterate(runId)) yield unpackText(decodeBlock(row));
  }

  /** The numbers of a run's blocks, in their order: from 0, unless somebody took one out. */
  numbers(runId: string): readonly number[] {
    return this.#numbers.all(runId).map(decodeBlockNumber);
  }

  /** The lines of one block. Throws as {@link texts}. */
  text(runId: string, block: number): string {
    return unpackText(decodeBlock(this.#readOne.all(runId, block)[0]));
  }
}
