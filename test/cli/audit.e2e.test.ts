// An audit as it is run night after night: with nothing but read permission, remembering who has waited since when.

import { parse } from 'csv-parse/sync';
import { expect } from 'vitest';
import { z } from 'zod';
import { systemClock } from '../../src/clock.js';
import { Emulator } from '../../src/emulator/emulator.js';
import { serveEmulator } from '../../src/emulator/server.js';
import { emulatorSettingsSchema } from '../../src/emulator/settings.js';
import { stockToken } from '../rehearsed-run.js';
import { it, type Place } from './command.js';
import { users } from './rehearsal.js';

const people = users(3);
const [ada, bob, cyd] = people.map(({ id }) => id);

/** Ada holds four tokens, Bob six, Cyd one that nobody has activated. */
const devices = [
  ...Array.from({ length: 4 }, (_, n) => stockToken(`A${n}`, { assignedTo: ada ?? '', status: 'activated' })),
  ...Array.from({ length: 6 }, (_, n) => stockToken(`B${n}`, { assignedTo: bob ?? '', status: 'activated' })),
  stockToken('C0', { assignedTo: cyd ?? '', status: 'assigned' }),
  stockToken('FREE'),
];

const tokenRow = z.looseObject({
  serial_number: z.string(),
  tokens_of_user: z.string(),
  not_activated_since: z.string(),
});

function tokens(place: Place): ReadonlyMap<string, z.infer<typeof tokenRow>> {
  const text = place.read(`${place.reports()}/tokens.csv`);
  const rows = z.array(tokenRow).parse(parse(text, { columns: true }));
  return new Map(rows.map((row) => [row.serial_number, row]));
}

const endSchema = z.looseObject({ endedAt: z.string(), findings: z.record(z.string(), z.number()) });

it('reads with read permission alone, and says who is near the limit and who has waited since when', async ({
  place,
}) => {
  const permissions = {
    inventoryWrite: false,
    methodsWrite: false,
    policyRead: false,
    registrationsRead: false,
  };
  const emulator = new Emulator({
    settings: emulatorSettingsSchema.parse({ permissions }),
    seed: { users: people, devices },
    clock: systemClock,
  });
  const server = await serveEmulator(emulator);
  try {
    place.write(
      'audit.yaml',
      ['name: audit', 'kind: audit', `graph: ${server.url}`, 'findings: { notActivatedAfter: 1ms }', ''].join(
        '\n',
      ),
    );
    const end = () => endSchema.parse(JSON.parse(place.read(`${place.reports()}/summary.json`)));

    const first = await place.run(['audit', 'audit.yaml', '--no-progress']);
    expect(first.exitCode, first.stderr).toBe(3);
    expect(first.stdout).toContain('2 of them hold four tokens or more');
    expect(place.read(`${place.reports()}/report.html`)).toContain(
      '2 users near the limit of five, or above it',
    );
    expect(end().findings).toMatchObject({ 'too-many-tokens': 1, 'not-activated': 0 });
    const firstSeen = end().endedAt;
    // Nothing is known of the time before: it waits since it was seen.
    expect(tokens(place).get('C0')?.not_activated_since).toBe(firstSeen);

    const second = await place.run(['audit', 'audit.yaml', '--no-progress']);
    expect(second.exitCode, second.stderr).toBe(3);
    expect(end().findings).toMatchObject({ 'too-many-tokens': 1, 'not-activated': 1 });
    const seen = tokens(place);
    expect(seen.get('C0')?.not_activated_since).toBe(firstSeen);
    expect(seen.get('A0')).toMatchObject({ tokens_of_user: '4', not_activated_since: '' });
    expect(seen.get('FREE')?.not_activated_since).toBe('');
    expect(emulator.truth().counters.writes).toBe(0);
  } finally {
    await server.close();
  }
});
