// Nights of onboarding while the service throttles, lags, fails and loses answers: a drop folder that gains, repeats
// and changes files. Every night's report is true row by row, and no change is made twice.

import { mkdirSync } from 'node:fs';
import { expect } from 'vitest';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import { it, type Place, serialOf, tokenLine } from './command.js';
import { effects, type Rehearsal, type Truth, users } from './rehearsal.js';

const TOKENS = 60;

const FAULTS: EmulatorSettingsInput = {
  seed: 20261125,
  latency: { p5: '2ms', p95: '15ms' },
  throttle: { writes: { kind: 'token-bucket', rate: 60, burst: 10 }, retryAfter: 'decimal', spurious: 0.02 },
  consistency: { lag: '200ms' },
  // Nights are short: of some sixty writes, enough must meet each fault.
  faultsOn: 'writes',
  faults: {
    status500: 0.05,
    status503: 0.03,
    late404: 0.05,
    errorAfter: 0.1,
    resetBefore: 0.1,
    resetAfter: 0.12,
    garbage: 0.08,
  },
};

const JOB = [
  'name: nightly',
  'kind: onboarding',
  'graph: emulator',
  "manifests: [{ path: 'inbox/tokens*.csv' }]",
  "assignments: [{ path: 'inbox/people*.csv' }]",
  'throttle: { rate: 60, burst: 30, concurrency: 8 }',
  'create: { chunk: 3 }',
  'retry: { attempts: 10 }',
  'verify: { deadline: 30s }',
  '',
];

type Pair = readonly [token: number, user: number];

function from(first: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

/** A delivery: tokens that no line gives to anybody. */
function deliver(place: Place, name: string, tokens: readonly number[]): void {
  place.manifest(
    tokens.map((index) => tokenLine(index).replace(/^[^,]*/, '')),
    `inbox/${name}.csv`,
  );
}

function list(place: Place, name: string, pairs: readonly Pair[]): void {
  const lines = pairs.map(([token, user]) => `${serialOf(token)},user${user}@contoso.example`);
  place.write(`inbox/${name}.csv`, ['serial number,user', ...lines, ''].join('\n'));
}

/** The object id of a user of the rehearsal. */
const idOf = (user: number): string => users(user).at(-1)?.id ?? '';

/** The tenant as it must be: each delivered token once, and with the holder whom the lists name. */
function expected(tokens: readonly number[], pairs: readonly Pair[]): Readonly<Record<string, string>> {
  const holders = new Map(pairs);
  return Object.fromEntries(
    tokens.map((token) => {
      const user = holders.get(token);
      return [serialOf(token), user === undefined ? 'in stock' : idOf(user)];
    }),
  );
}

function tenant({ devices }: Truth): Readonly<Record<string, string>> {
  const held = devices.map(({ serialNumber, holder = 'in stock' }) => [serialNumber, holder] as const);
  expect(new Set(held.map(([serialNumber]) => serialNumber)).size, 'each token is there once').toBe(
    held.length,
  );
  return Object.fromEntries(held);
}

/** Runs the job once, and holds its report against the tenant, row by row. */
async function expectNightIsTrue(place: Place, graph: Rehearsal): Promise<void> {
  const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', graph.url]);
  expect(ended.exitCode, ended.stderr + ended.stdout).toBe(0);
  const truth = tenant(await graph.truth());
  const rows = place.rows();
  const users = rows.map(({ user }) => (user === '' ? 'in stock' : idOf(Number(/\d+/.exec(user)?.[0]))));
  expect(rows.map(({ serial_number }) => truth[serial_number])).toEqual(users);
  expect(rows.map(({ verdict }) => verdict)).toEqual(
    users.map((user) => (user === 'in stock' ? 'in-inventory' : 'assigned')),
  );
}

it('does every file once under faults, and says of each row what is true', async ({ place }) => {
  mkdirSync(place.path('inbox'));
  place.write('job.yaml', JOB.join('\n'));
  const graph = await place.serve(users(TOKENS), FAULTS);
  const seen = async (tokens: readonly number[], pairs: readonly Pair[]): Promise<number> => {
    await expectNightIsTrue(place, graph);
    const truth = await graph.truth();
    expect(tenant(truth)).toEqual(expected(tokens, pairs));
    return effects(truth);
  };

  // The first delivery, with a list for half of it.
  deliver(place, 'tokens-1', from(0, 40));
  const first = from(0, 20).map((n): Pair => [n, n + 1]);
  list(place, 'people-1', first);
  const one = await seen(from(0, 40), first);

  // Nothing has come; then both files again, under other names: nothing changes.
  expect(await seen(from(0, 40), first)).toBe(one);
  place.write('inbox/tokens-1-again.csv', place.read('inbox/tokens-1.csv'));
  place.write('inbox/people-1-again.csv', place.read('inbox/people-1.csv'));
  expect(await seen(from(0, 40), first)).toBe(one);

  // A delivery that repeats five tokens, a list for tokens of the first, and one that was changed.
  deliver(place, 'tokens-2', from(35, 25));
  const second = from(20, 15).map((n): Pair => [n, n + 1]);
  list(place, 'people-2', second);
  const all = from(0, TOKENS);
  const two = await seen(all, [...first, ...second]);
  expect(two).toBeGreaterThan(one);
  const third = from(40, 10).map((n): Pair => [n, n + 1]);
  list(place, 'people-2', [...second, ...third]);
  const three = await seen(all, [...first, ...second, ...third]);
  // A change for each new pair, and none for those that were so already.
  expect(three - two).toBe(third.length);
  expect(await seen(all, [...first, ...second, ...third])).toBe(three);

  const { counters, log } = await graph.truth();
  expect(counters.throttled, 'the service did throttle').toBeGreaterThan(0);
  const lost = log.filter(({ write, effect, status }) => write && effect && !(Number(status) < 300));
  expect(lost.length, 'answers were lost').toBeGreaterThan(0);
}, 300_000);
