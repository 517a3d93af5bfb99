// An audit of 20,000 tokens under throttling and faults, compared with what the tenant truly holds: every token, and
// every finding, counted another way than the program counts.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { type ServedEmulator, serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import type { SeedDevice, SeedUser } from '../../src/emulator/tenant.js';
import { start } from './process.js';

const TOKENS = 20_000;
const USERS = 9_000;
const OLD = '2020-05-01T07:00:00Z';
const NEW = '2099-01-01T00:00:00Z';

const uuid = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;

const users: readonly SeedUser[] = Array.from({ length: USERS }, (_, n) => ({
  id: uuid(n),
  userPrincipalName: `user${n}@contoso.example`,
  displayName: `User ${n}`,
  accountEnabled: n % 50 !== 7,
  userType: n % 300 === 11 ? 'Guest' : 'Member',
}));

/** User 0 holds seven tokens, users 1 to 20 hold four or five. */
function holderOf(n: number): string | undefined {
  if (n < 7) return uuid(0);
  if (n < 107) return uuid(1 + (n % 20));
  return n % 3 === 0 ? undefined : uuid(21 + (n % (USERS - 21)));
}

function token(n: number): SeedDevice {
  const holder = holderOf(n);
  const status = n % 17 === 0 ? 'assigned' : n % 101 === 0 ? 'failedActivation' : 'activated';
  return {
    id: uuid(0x10_0000 + n),
    // Two tokens have the serial number of another, but for letter case, which does not tell them apart.
    serialNumber: n === 500 || n === 501 ? `a${n - 100}` : `A${n}`,
    manufacturer: 'Contoso',
    model: n % 4 === 0 ? 'C60' : 'C30',
    timeIntervalInSeconds: n % 4 === 0 ? 60 : 30,
    hashFunction: n % 10 === 0 ? 'hmacsha256' : 'hmacsha1',
    ...(holder === undefined ? {} : { assignedTo: holder, status }),
    ...(holder !== undefined && status === 'activated' ? { lastUsedDateTime: n % 40 === 1 ? OLD : NEW } : {}),
  };
}

const devices = Array.from({ length: TOKENS }, (_, n) => token(n));

/** The list expects what is so of tokens 0 to 999, but for two lines, and names one token that is not there. */
function expectedList(): string {
  const lines = devices.slice(0, 1_000).flatMap(({ serialNumber, assignedTo }, n) => {
    if (n === 400 || n === 401 || n === 500 || n === 501) return [];
    if (n === 600) return [`${serialNumber},user4000@contoso.example`];
    if (n === 602) return [`${serialNumber},nobody@contoso.example`];
    const user = users.find(({ id }) => id === assignedTo);
    return user === undefined ? [] : [`${serialNumber},${user.userPrincipalName}`];
  });
  return ['serial number,user', ...lines, 'MISSING1,user5@contoso.example', ''].join('\n');
}

const summarySchema = z.looseObject({
  rows: z.number(),
  writes: z.number(),
  exitCode: z.number(),
  verdicts: z.record(z.string(), z.number()),
  findings: z.record(z.string(), z.number()),
});

const row = z.object({
  serial_number: z.string(),
  device_id: z.string(),
  status: z.string(),
  user: z.string(),
  user_id: z.string(),
  account: z.string(),
  guest: z.string(),
  tokens_of_user: z.coerce.number(),
  last_used: z.string(),
  model: z.string(),
  time_interval: z.coerce.number(),
  hash_function: z.string(),
});

describe('an audit of 20,000 tokens', () => {
  let directory = '';
  let server: ServedEmulator;
  let emulator: Emulator;
  let folder = '';
  let exitCode: number | null = null;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'oathbatch-audit-'));
    const settings = emulatorSettingsSchema.parse({
      pageSize: 400,
      throttle: { reads: { kind: 'token-bucket', rate: 900, burst: 300 } },
      faults: { status503: 0.01, garbageBefore: 0.01, resetBefore: 0.01, late404: 0.002 },
      faultsOn: 'reads',
      accessLogLimit: 0,
    });
    emulator = new Emulator({ settings, seed: { users, devices }, clock: systemClock });
    server = await serveEmulator(emulator);
    writeFileSync(join(directory, 'list.csv'), expectedList());
    writeFileSync(
      join(directory, 'audit.yaml'),
      [
        'name: audit',
        'kind: audit',
        `graph: ${server.url}`,
        'assignments: [{ path: list.csv }]',
        'findings: { unusedAfter: 90d }',
        'reports: { formats: [csv, json, html, xlsx, junit] }',
        '',
      ].join('\n'),
    );
    const run = start(['audit', 'audit.yaml', '--json', '--no-progress'], directory);
    const ended = await run.ended;
    exitCode = ended.exitCode;
    const last = ended.stdout.trimEnd().split('\n').at(-1) ?? '{}';
    folder = join(directory, 'reports', z.looseObject({ runId: z.string() }).parse(JSON.parse(last)).runId);
  }, 120_000);

  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const summary = () => summarySchema.parse(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')));

  it('reads, and writes nothing', () => {
    expect(exitCode).toBe(3);
    expect(summary()).toMatchObject({ writes: 0, exitCode: 3 });
    expect(emulator.truth().counters.writes).toBe(0);
  });

  it('says of every token what is true of it', () => {
    const rows = z.array(row).parse(parse(readFileSync(join(folder, 'tokens.csv')), { columns: true }));
    const held = new Map<string, number>();
    for (const { assignedTo } of devices) {
      if (assignedTo !== undefined) held.set(assignedTo, (held.get(assignedTo) ?? 0) + 1);
    }
    const byId = new Map(users.map((user) => [user.id, user]));
    const seeds = new Map(devices.map((device) => [device.id, device]));
    const truth = emulator.truth().devices.map((device) => {
      const user = device.holder === undefined ? undefined : byId.get(device.holder);
      const account = user === undefined ? 'missing' : user.accountEnabled ? 'enabled' : 'disabled';
      return {
        serial_number: device.serialNumber,
        device_id: device.id,
        status: device.status,
        user: user?.userPrincipalName ?? '',
        user_id: device.holder ?? '',
        account: device.holder === undefined ? '' : account,
        guest: String(user?.userType === 'Guest'),
        tokens_of_user: held.get(device.holder ?? '') ?? 0,
        last_used: seeds.get(device.id)?.lastUsedDateTime ?? '',
        model: device.model,
        time_interval: device.timeIntervalInSeconds,
        hash_function: device.hashFunction,
      };
    });
    const order = (list: readonly z.infer<typeof row>[]) =>
      list.toSorted((a, b) => (a.device_id < b.device_id ? -1 : 1));
    expect(rows).toHaveLength(TOKENS);
    expect(order(rows)).toEqual(order(truth));
  });

  it('finds what needs a person, and nothing else', () => {
    const byId = new Map(users.map((user) => [user.id, user]));
    const heldBy = (test: (user: SeedUser | undefined) => boolean): number =>
      devices.filter(({ assignedTo }) => assignedTo !== undefined && test(byId.get(assignedTo))).length;
    const { findings, verdicts, rows } = summary();
    const held = devices.filter(({ assignedTo }) => assignedTo !== undefined);
    const listed = new Set(
      expectedList()
        .split('\n')
        .map((line) => line.split(',')[0] ?? ''),
    );
    expect(rows).toBe(TOKENS);
    expect(verdicts).toMatchObject({
      'in-inventory': TOKENS - held.length,
      activated: held.filter(({ status }) => status === 'activated').length,
      assigned: held.filter(({ status }) => status !== 'activated').length,
    });
    expect(findings).toMatchObject({
      'duplicate-serial': 2,
      'holder-gone': 0,
      'holder-disabled': heldBy((user) => user?.accountEnabled === false),
      'holder-guest': heldBy((user) => user?.userType === 'Guest'),
      'activation-failed': held.filter(({ status }) => status === 'failedActivation').length,
      unused: held.filter(({ lastUsedDateTime }) => lastUsedDateTime === OLD).length,
      'too-many-tokens': 1,
      'missing-token': 1,
      'other-holder': 1,
      'missing-assignment': 1,
      'unlisted-assignment': held.filter(({ serialNumber }) => !listed.has(serialNumber)).length,
      'unlisted-token': devices.filter(
        ({ serialNumber, assignedTo }) => assignedTo === undefined && !listed.has(serialNumber),
      ).length,
    });
  });

  it('is told the same again from the ledger, and found unchanged', async () => {
    const runId = folder.split('/').at(-1) ?? '';
    const before = readFileSync(join(folder, 'tokens.csv'));
    const again = await start(['report', runId], directory).ended;
    expect(again.exitCode).toBe(0);
    expect(readFileSync(join(folder, 'tokens.csv')).equals(before)).toBe(true);
    expect((await start(['report', runId, '--check'], directory).ended).exitCode).toBe(0);
  });
});
