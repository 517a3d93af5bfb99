// A world with a run begun in it: rows, their users, and what a test wants to know afterwards.

import type { Clock } from '../../src/clock.js';
import type { DesiredRow } from '../../src/manifest/row.js';
import { gathered } from '../gathered.js';
import { member, RehearsedWorld, stockToken, type WorldOptions, wanted } from '../rehearsed-run.js';
import { synchronousLedger } from '../synchronous-ledger.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { inVirtualTime } from '../virtual-run.js';

/** So many rows, each with a token in stock and a user of its own. */
export function assignments(count: number) {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const users = numbers.map((n) => member(n));
  return {
    users,
    devices: numbers.map((n) => stockToken(`S${n}`)),
    rows: numbers.map((n) => wanted(n, `S${n}`, users[n]?.userPrincipalName)),
  };
}

/** The same with tokens that are not there yet. */
export function creations(count: number) {
  return { ...assignments(count), devices: [] };
}

export interface Scene extends Omit<Partial<WorldOptions>, 'ledger'> {
  readonly rows: readonly DesiredRow[];
}

/** Sets a world up with its run begun, lets `act` happen in it, and closes it. */
export function inWorld<Value>(
  scene: Scene,
  act: (world: RehearsedWorld, clock: Clock) => Promise<Value>,
): Promise<Value> {
  return inVirtualTime(async (clock) => {
    const ledger = synchronousLedger(temporaryDirectory());
    try {
      const world = new RehearsedWorld(clock, { ...scene, ledger });
      await world.begin(world.session(), scene.rows);
      return await act(world, clock);
    } finally {
      await ledger.close();
    }
  });
}

export async function states(world: RehearsedWorld): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { state } of await gathered(world.ledger.eachAction('run-1')))
    counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

export async function verdicts(world: RehearsedWorld): Promise<readonly string[]> {
  return (await world.verdicts(world.session())).map(({ verdict, reason }) => `${verdict} ${reason}`.trim());
}
