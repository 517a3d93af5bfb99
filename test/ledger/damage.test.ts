// A ledger that lost its last pages in a power cut, or in which bytes have changed: what is read from it is what
// was written, up to a point that is told, and never something else.

import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walkChain } from '../../src/ledger/chain.js';
import type { Ledger, LedgerEvent } from '../../src/ledger/ledger.js';
import { openLedger } from '../../src/ledger/sqlite.js';
import { seededRandom } from '../../src/random.js';
import { noteCount } from '../counts.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { action, row, run, sent, settled } from './records.js';

const ROWS = 40;

/** Places at which the write-ahead log is cut off, and bytes that are changed. */
const CUTS = 120;
const FLIPS = 120;

const files = ['ledger.db', 'ledger.db-wal'] as const;
let ledger: Ledger;
let state = '';
let written: readonly LedgerEvent[] = [];

async function eventsOf(opened: Ledger): Promise<readonly LedgerEvent[]> {
  const events: LedgerEvent[] = [];
  for await (const event of opened.events('r1')) events.push(event);
  return events;
}

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'oathbatch-damage-'));
  ledger = openLedger(state);
  const numbers = Array.from({ length: ROWS }, (_, n) => n);
  await ledger.beginRun(
    run('r1'),
    numbers.map((n) => row(n)),
    numbers.map((n) => action(n)),
  );
  for (const n of numbers) {
    await ledger.sent(sent(n, { runId: 'r1' }));
    await ledger.settled(settled(n, { runId: 'r1' }));
  }
  written = await eventsOf(ledger);
});

afterAll(async () => {
  await ledger.close();
  rmSync(state, { recursive: true, force: true });
});

/** The files as they are now, in a folder of their own; one of them is changed. */
function damaged(name: (typeof files)[number], change: (bytes: Buffer) => Buffer, from = state): string {
  const directory = temporaryDirectory();
  for (const file of files) copyFileSync(join(from, file), join(directory, file));
  writeFileSync(join(directory, name), change(readFileSync(join(directory, name))));
  return directory;
}

/** A copy whose write-ahead log has been taken over into the file. */
function inOneFile(): string {
  const directory = damaged('ledger.db', (bytes) => bytes);
  const db = new Database(join(directory, 'ledger.db'));
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  writeFileSync(join(directory, 'ledger.db-wal'), '');
  return directory;
}

function flip(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 0x20;
  return bytes;
}

/** A record that SQLite has moved to another page can stand in the unused part of the old one as well. */
function placesOf(bytes: Buffer, text: string): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) places.push(at);
  return places;
}

/** What the ledger in a directory says: how many events there are, and how many of them the chain holds. */
async function readBack(
  directory: string,
): Promise<{ readonly events: readonly LedgerEvent[]; readonly holds: boolean } | undefined> {
  let opened: Ledger | undefined;
  try {
    opened = openLedger(directory);
    const { broken } = await walkChain('r1', opened.events('r1'));
    return { events: await eventsOf(opened), holds: broken === undefined };
  } catch {
    // It cannot be read, and says so.
    return undefined;
  } finally {
    await opened?.close().catch(() => undefined);
  }
}

describe('a write-ahead log', () => {
  it('that was cut off anywhere has lost its end and nothing else, and the chain holds', async () => {
    const { length } = readFileSync(join(state, 'ledger.db-wal'));
    const random = seededRandom(7);
    const lengths = new Set<number>();
    for (let cut = 0; cut < CUTS; cut += 1) {
      const at = Math.floor(random.next() * length);
      const found = await readBack(damaged('ledger.db-wal', (bytes) => bytes.subarray(0, at)));
      expect(found?.holds, `cut at byte ${at}`).toBe(true);
      expect(found?.events).toEqual(written.slice(0, found?.events.length));
      lengths.add(found?.events.length ?? -1);
    }
    noteCount('ledgerDamages', CUTS);
    expect(lengths.size).toBeGreaterThan(10);
  });

  it('with a changed byte counts up to there, and the chain holds', async () => {
    const { length } = readFileSync(join(state, 'ledger.db-wal'));
    const random = seededRandom(8);
    for (let count = 0; count < FLIPS; count += 1) {
      const at = Math.floor(random.next() * length);
      const found = await readBack(damaged('ledger.db-wal', (bytes) => flip(bytes, at)));
      expect(found?.holds, `byte ${at}`).toBe(true);
      expect(found?.events).toEqual(written.slice(0, found?.events.length));
    }
    noteCount('ledgerDamages', FLIPS);
  });
});

describe('the file of the ledger', () => {
  it('with a changed byte in any record of the chain says at which record', async () => {
    const closed = inOneFile();
    const bytes = readFileSync(join(closed, 'ledger.db'));
    for (const [index, event] of written.entries()) {
      const places = placesOf(bytes, event.hash);
      expect(places, `the hash of record ${index}`).not.toEqual([]);
      const directory = damaged('ledger.db', (content) => places.reduce(flip, content), closed);
      const opened = openLedger(directory);
      const { broken, events } = await walkChain('r1', opened.events('r1'));
      expect([events, broken?.seq]).toEqual([index, event.seq]);
      await opened.close();
    }
    noteCount('ledgerDamages', written.length);
  });

  it('with a changed byte anywhere is never read as if another history had been written', async () => {
    const closed = inOneFile();
    const { length } = readFileSync(join(closed, 'ledger.db'));
    const random = seededRandom(9);
    for (let count = 0; count < FLIPS; count += 1) {
      const at = Math.floor(random.next() * length);
      const found = await readBack(damaged('ledger.db', (bytes) => flip(bytes, at), closed));
      // Lines can be missing at the end, which the head in evidence.json shows; those that hold are those written.
      if (found?.holds === true)
        expect(found.events, `byte ${at}`).toEqual(written.slice(0, found.events.length));
    }
    noteCount('ledgerDamages', FLIPS);
  });
});
