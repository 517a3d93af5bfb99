// The ids by which Microsoft's support finds a request: the report and the ledger have those that the service has.

import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { z } from 'zod';
import { openLedger } from '../../src/ledger/sqlite.js';
import { it, tokenLines } from './command.js';
import { users } from './rehearsal.js';

const ROWS = 5;

const reported = z.array(z.object({ client_request_id: z.uuid(), request_id: z.uuid() }));

const writeLog = z
  .object({
    log: z.array(z.object({ write: z.boolean(), requestId: z.string(), clientRequestId: z.string() })),
  })
  .transform(({ log }) => log.filter(({ write }) => write));

it('stand in the report and in the ledger as the service logged them', async ({ place }) => {
  place.job(tokenLines(ROWS));
  const rehearsal = await place.serve(users(ROWS));
  expect((await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url])).exitCode).toBe(0);

  const truth: unknown = await (await fetch(new URL('/emulator/truth', rehearsal.url))).json();
  const logged = new Map(
    writeLog.parse(truth).map(({ clientRequestId, requestId }) => [clientRequestId, requestId]),
  );
  const rows = reported.parse(parse(place.read(join(place.reports(), 'rows.csv')), { columns: true }));
  expect(rows).toHaveLength(ROWS);
  for (const row of rows) expect(logged.get(row.client_request_id)).toBe(row.request_id);

  const ledger = openLedger(place.path('.oathbatch'));
  const [run] = await ledger.runs();
  const told = { sent: new Set<string>(), settled: new Set<string>() };
  for await (const event of ledger.events(run?.id ?? '')) {
    if (event.event === 'sent') told.sent.add(event.clientRequestId);
    if (event.event === 'settled') told.settled.add(event.requestId);
  }
  await ledger.close();
  expect([...told.sent].toSorted()).toEqual([...logged.keys()].toSorted());
  expect([...told.settled].toSorted()).toEqual([...logged.values()].toSorted());
});
