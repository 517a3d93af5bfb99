// Shows that the lint rules hold the architecture: each of them fires on a file that breaks it, and is
// silent on one that does not. The snippets are never written to disk.

import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const architecture = new ESLint({ cwd: root, overrideConfigFile: 'eslint.architecture.js' });

/** A snippet under the name of a file that need not exist. */
interface Snippet {
  readonly file: string;
  readonly code: string;
}

/** The rules that fire, each as often as it does. */
async function fired({ file, code }: Snippet): Promise<(string | null)[]> {
  const results = await architecture.lintText(code, { filePath: file });
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId));
}

describe('ports: what differs from run to run enters in one place', () => {
  test.each<Snippet>([
    { file: 'src/provision/row.ts', code: 'export const now = Date.now();' },
    { file: 'src/provision/row.ts', code: 'export const now = new Date();' },
    { file: 'src/provision/row.ts', code: 'export const now = Date();' },
    { file: 'src/provision/row.ts', code: "export const now = performance['now']();" },
    { file: 'src/provision/row.ts', code: 'setTimeout(() => {}, 1_000);' },
    { file: 'src/provision/row.ts', code: 'export const signal = AbortSignal.timeout(1_000);' },
    { file: 'src/provision/row.ts', code: "import { setTimeout } from 'node:timers/promises';" },
    { file: 'src/emulator/faults.ts', code: 'export const lot = Math.random();' },
    { file: 'src/emulator/faults.ts', code: "import { randomUUID } from 'node:crypto';" },
    { file: 'src/emulator/faults.ts', code: "export { randomInt } from 'node:crypto';" },
    { file: 'src/emulator/faults.ts', code: "import * as crypto from 'node:crypto';" },
    { file: 'src/emulator/faults.ts', code: "import crypto from 'crypto';" },
    { file: 'src/graph/client.ts', code: "export const answer = fetch('http://localhost');" },
    { file: 'src/graph/client.ts', code: "export const answer = globalThis.fetch('http://localhost');" },
    { file: 'src/graph/client.ts', code: "import { request } from 'undici';" },
    { file: 'src/graph/client.ts', code: "import http from 'http';" },
    { file: 'src/emulator/core.ts', code: "import { createServer } from 'node:http';" },
    { file: 'src/tenant/inventory.ts', code: "import { readFileSync } from 'node:fs';" },
    { file: 'src/tenant/inventory.ts', code: "export const fs = await import('node:fs/promises');" },
    { file: 'src/tenant/inventory.ts', code: "export { readFileSync } from 'node:fs';" },
    { file: 'src/graph/credential.ts', code: 'export const secret = process.env.CLIENT_SECRET;' },
    { file: 'src/provision/row.ts', code: "console.log('sent');" },
    { file: 'src/ledger/runs.ts', code: "import Database from 'libsql';" },
    { file: 'src/ledger/runs.ts', code: "import type Database from 'libsql';" },
    { file: 'src/ledger/runs.ts', code: "import Database = require('libsql');" },
    { file: 'src/graph/client.ts', code: "import Bottleneck from 'bottleneck';" },
    { file: 'src/graph/client.ts', code: "import type { TokenCredential } from '@azure/identity';" },
    { file: 'src/graph/credential.ts', code: "import { DefaultAzureCredential } from '@azure/identity';" },
  ])('refuses in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual(['architecture/ports']);
  });

  test.each<Snippet>([
    { file: 'src/clock.ts', code: 'export const now = () => Date.now();' },
    { file: 'src/random.ts', code: 'export const next = () => Math.random();' },
    { file: 'src/graph/http.ts', code: "import { Pool } from 'undici';\nexport const pool = Pool;" },
    { file: 'src/emulator/server.ts', code: "import { createServer } from 'node:http';\ncreateServer();" },
    { file: 'src/ledger/sqlite.ts', code: "import Database from 'libsql';\nexport const open = Database;" },
    { file: 'src/graph/turn-queue.ts', code: "import Bottleneck from 'bottleneck';\nnew Bottleneck();" },
    { file: 'src/graph/credential.ts', code: "export const load = () => import('@azure/identity');" },
    { file: 'src/graph/credential.ts', code: "import type { TokenCredential } from '@azure/identity';" },
    { file: 'src/manifest/read-file.ts', code: "import { readFileSync } from 'node:fs';" },
    { file: 'src/cli/main.ts', code: 'export const words = process.argv;' },
    { file: 'src/ledger/chain.ts', code: "import { createHash } from 'node:crypto';" },
    { file: 'src/provision/row.ts', code: 'export const iso = (ms: number) => new Date(ms).toISOString();' },
    {
      file: 'src/provision/row.ts',
      code: 'export const name = (process: { fetch: string }) => process.fetch;',
    },
  ])('allows in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual([]);
  });
});

describe('purity: the same answer for the same arguments, at once', () => {
  test.each<Snippet>([
    { file: 'src/plan/violation.ts', code: 'export const x = await y;\ndeclare const y: string;' },
    { file: 'src/plan/violation.ts', code: 'export async function order() {}' },
    { file: 'src/plan/violation.ts', code: 'export const order = async () => 1;' },
    { file: 'src/plan/violation.ts', code: 'export const settled = Promise.resolve(1);' },
    { file: 'src/plan/violation.ts', code: "export const later = import('./limits.js');" },
    { file: 'src/reconcile/violation.ts', code: "import { createHash } from 'node:crypto';" },
    { file: 'src/reconcile/violation.ts', code: "import { join } from 'path';" },
    { file: 'src/graph/pacer.ts', code: "import { systemClock } from '../clock.js';" },
    { file: 'src/graph/retry-after.ts', code: "import { send } from './client.js';" },
    { file: 'src/provision/outcome.ts', code: "import { next } from './row.js';" },
    { file: 'src/manifest/formats/pskc.ts', code: "import { log } from '../../log.js';" },
    { file: 'src/manifest/join.ts', code: "import { rows } from './read-rows.js';" },
    { file: 'src/manifest/join.ts', code: "import { seededRandom } from '../random.js';" },
    { file: 'src/report/model.ts', code: "import { createHash } from 'node:crypto';" },
    { file: 'src/manifest/token-check.ts', code: "import { createHmac } from 'node:crypto';" },
    { file: 'src/report/html-page.ts', code: "import { writeReport } from './write.js';" },
  ])('refuses in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual(['architecture/purity']);
  });

  test.each<Snippet>([
    { file: 'src/plan/order.ts', code: "import { limits } from './limits.js';\nexport const x = limits;" },
    { file: 'src/plan/order.ts', code: "import { invariant } from '../errors.js';\ninvariant(true, '');" },
    { file: 'src/graph/pacer.ts', code: "import type { Clock } from '../clock.js';" },
    { file: 'src/manifest/formats/feitian.ts', code: "import { parse } from 'csv-parse/sync';" },
    { file: 'src/report/html.ts', code: "import { createHash } from 'node:crypto';" },
    { file: 'src/manifest/pskc-crypto.ts', code: "import { createHmac } from 'node:crypto';" },
    { file: 'src/report/html.ts', code: "import type { Written } from './write.js';" },
    { file: 'src/manifest/read-rows.ts', code: 'export const rows = async () => await Promise.all([]);' },
    { file: 'src/report/write.ts', code: "import { join } from 'node:path';\nawait join('a', 'b');" },
    { file: 'src/provision/row.ts', code: 'export async function send() { await Promise.resolve(); }' },
  ])('allows in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual([]);
  });
});

describe('direction: the data flows one way', () => {
  test.each<Snippet>([
    { file: 'src/manifest/violation.ts', code: "import { plan } from '../plan/plan.js';" },
    { file: 'src/manifest/violation.ts', code: "import type { Plan } from '../plan/plan.js';" },
    { file: 'src/manifest/deeper/violation.ts', code: "import type { Plan } from '../../plan/plan.js';" },
    { file: 'src/provision/violation.ts', code: "import { plan } from '../plan/plan.js';" },
    { file: 'src/provision/violation.ts', code: "export { plan } from '../plan/plan.js';" },
    { file: 'src/provision/violation.ts', code: "export const plan = await import('../plan/plan.js');" },
    { file: 'src/provision/violation.ts', code: "import { type Plan } from '../plan/plan.js';" },
    { file: 'src/graph/violation.ts', code: "import type { TokenRow } from '../manifest/row.js';" },
    { file: 'src/graph/violation.ts', code: "import type { Ledger } from '../ledger/ledger.js';" },
    { file: 'src/ledger/violation.ts', code: "export type Action = import('../plan/plan.js').Action;" },
    { file: 'src/emulator/violation.ts', code: "import type { Graph } from '../graph/client.js';" },
    { file: 'src/emulator/violation.ts', code: "import type { Plan } from '../plan/plan.js';" },
    { file: 'src/job/violation.ts', code: "import type { Core } from '../emulator/core.js';" },
    { file: 'src/job/violation.ts', code: "import type { Plan } from '../plan/plan.js';" },
    { file: 'src/tenant/violation.ts', code: "import { start } from '../emulator/server.js';" },
    { file: 'src/tenant/violation.ts', code: "import { main } from '../cli/main.js';" },
    { file: 'src/log.ts', code: "import type { Plan } from './plan/plan.js';" },
    { file: 'src/cli/main.ts', code: "import { run } from '../index.js';" },
    { file: 'src/cli/main.ts', code: "import helper from '../../scripts/helper.mjs';" },
    { file: 'src/utils/violation.ts', code: 'export const x = 1;' },
  ])('refuses in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual(['architecture/direction']);
  });

  test.each<Snippet>([
    { file: 'src/provision/carry-out.ts', code: "import type { Plan } from '../plan/plan.js';" },
    { file: 'src/provision/carry-out.ts', code: "import { send } from '../graph/client.js';" },
    { file: 'src/provision/carry-out.ts', code: "import { systemClock } from '../clock.js';" },
    { file: 'src/provision/carry-out.ts', code: "import { settle } from './settle.js';" },
    { file: 'src/job/schema.ts', code: "import { settings } from '../emulator/settings.js';" },
    { file: 'src/cli/main.ts', code: "import { plan } from '../plan/plan.js';" },
    { file: 'src/index.ts', code: "export { plan } from './plan/plan.js';" },
  ])('allows in $file: $code', async (snippet) => {
    expect(await fired(snippet)).toEqual([]);
  });
});

test('a comment in a source file does not switch the rules off', async () => {
  const code = '// eslint-disable-next-line architecture/ports\nexport const now = Date.now();';
  expect(await fired({ file: 'src/provision/row.ts', code })).toContain('architecture/ports');
});

test('`npm run lint` holds the rules as errors, for every source file', async () => {
  const config: unknown = await new ESLint({ cwd: root }).calculateConfigForFile('src/plan/any-file.ts');
  expect(config).toMatchObject({
    rules: { 'architecture/ports': [2], 'architecture/purity': [2], 'architecture/direction': [2] },
  });
});
