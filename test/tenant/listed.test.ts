// Lists read from the bytes of their pages: the tables hold what they hold when JSON.parse reads the same lists. A page
// with blanks in it is left to JSON.parse (test/graph/page-bytes.test.ts).

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdIndex } from '../../src/compact/id-index.js';
import { TextIndex } from '../../src/compact/text-index.js';
import { OperationError } from '../../src/errors.js';
import type { HttpResult } from '../../src/graph/transport.js';
import type { DeviceTable } from '../../src/tenant/device-table.js';
import { listInventory } from '../../src/tenant/inventory.js';
import type { Device } from '../../src/tenant/observed.js';
import { findInUserList } from '../../src/tenant/user-list.js';
import { UserTable } from '../../src/tenant/user-table.js';
import { UsersAhead } from '../../src/tenant/users-ahead.js';
import { BASE, scripted } from '../graph/scripted.js';
import { inVirtualTime } from '../virtual-run.js';

type Item = Readonly<Record<string, unknown>>;

/** So few that some meet. */
const id = fc.nat({ max: 30 }).map((n) => `11111111-0000-4000-9000-${String(n).padStart(12, '0')}`);
const person = fc.nat({ max: 9 }).map((n) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`);
const serial = fc.nat({ max: 20 }).map((n) => `GALT-${n}`);
const words = fc.constantFrom('Contoso', 'C100', 'x'.repeat(50), '');

const usualDevice = fc.record({
  id,
  displayName: fc.constantFrom(null, 'Größe', 'a "token"'),
  serialNumber: serial,
  manufacturer: words,
  model: words,
  timeIntervalInSeconds: fc.constantFrom(30, 60),
  status: fc.constantFrom('available', 'assigned', 'something newer'),
  lastUsedDateTime: fc.constantFrom(null, '2026-01-05T08:00:00Z', '2026-01-05T08:00:00.123Z', ''),
  hashFunction: fc.constantFrom('hmacsha1', 'HmacSha256'),
  assignedTo: fc.option(fc.record({ displayName: fc.constantFrom('Ada', 'Zoë', null), id: person }), {
    nil: null,
  }),
});
/** One thing is not as usual: what else is so, is seen by it. */
const oddly = (odd: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Item> =>
  fc.oneof(...Object.entries(odd).map(([key, value]) => value.map((own) => ({ [key]: own }))));
const oddDevice = oddly({
  id: fc.constantFrom(
    'id-1',
    '',
    '11111111-0000-4000-9000-00000000000A',
    '11111111x0000x4000x9000x000000000001',
    '11111111-0000-4000-9000-0000000000017',
  ),
  serialNumber: fc.constantFrom('galt-1', ' GALT-2 ', 'GALT 3', 'ß', '', null, 'A'.repeat(70), 'a"b', 7),
  manufacturer: fc.constantFrom(null, 'Größe', 'a\\b'),
  model: fc.constantFrom(null, 'é'),
  timeIntervalInSeconds: fc.constantFrom('30', null, 0, 1.5),
  status: fc.constantFrom(null, 'ä'),
  lastUsedDateTime: fc.constantFrom('é', '2026-01-05'),
  hashFunction: fc.constantFrom(null, 'Hmac-SHA1'),
  assignedTo: fc.constantFrom(
    ...[
      {},
      { id: null },
      { id: 'somebody' },
      { id: '' },
      { id: 'ä' },
      { id: `${'0'.repeat(35)}X` },
      { id: '00000000-0000-4000-8000-0000000000017' },
    ],
  ),
});
const device: fc.Arbitrary<Item> = fc.oneof(
  { arbitrary: usualDevice, weight: 8 },
  { arbitrary: fc.tuple(usualDevice, oddDevice).map(([one, other]) => ({ ...one, ...other })), weight: 3 },
  { arbitrary: fc.tuple(usualDevice, usualDevice).map(([one, own]) => ({ ...one, device: own })), weight: 1 },
);
const pages = (item: fc.Arbitrary<Item>): fc.Arbitrary<readonly (readonly Item[])[]> =>
  fc.array(fc.array(item, { maxLength: 12 }), { minLength: 1, maxLength: 4 });

/** The answers of a list. @param blanks - as many as make JSON.parse read it. */
function answers(list: readonly (readonly Item[])[], blanks: 0 | 1): readonly HttpResult[] {
  return list.map((value, n) => {
    const link = n + 1 < list.length ? { '@odata.nextLink': `${BASE}/page${n + 1}` } : {};
    const body = JSON.stringify({ '@odata.context': BASE, ...link, value }, null, blanks);
    return { kind: 'answer', status: 200, headers: {}, body };
  });
}

function shownTokens(devices: DeviceTable | string): unknown {
  if (typeof devices === 'string') return devices;
  const places = [...devices.positions()];
  const holder = (at: number): string => devices.people.at(devices.holderAt(at));
  return {
    all: [...devices],
    places: places.map((at) => [devices.deviceAt(at), devices.keyAt(at), devices.isAlone(at), holder(at)]),
    counts: [devices.size, devices.length, devices.pages],
    found: ['GALT-1', 'GALT-2', 'ß'].map((key) => devices.get(key)),
  };
}

/** The tokens, or the code of the error. */
async function listedOrNot(
  list: readonly (readonly Item[])[],
  blanks: 0 | 1,
  before?: DeviceTable,
): Promise<DeviceTable | string> {
  try {
    return await listed(list, blanks, before);
  } catch (error) {
    if (error instanceof OperationError) return error.code;
    throw error;
  }
}

async function listed(
  list: readonly (readonly Item[])[],
  blanks: 0 | 1,
  before?: DeviceTable,
): Promise<DeviceTable> {
  let devices: DeviceTable | undefined;
  await inVirtualTime(async (clock) => {
    devices = await listInventory(scripted(clock, answers(list, blanks)).client, { before });
  });
  if (devices === undefined) throw new Error('the list was not read');
  return devices;
}

describe('the inventory in the bytes of its pages', () => {
  it('is what JSON.parse makes of it, as a first list and as a second one', async () => {
    await fc.assert(
      fc.asyncProperty(pages(device), pages(device), async (first, second) => {
        const [short, long] = [await listedOrNot(first, 0), await listedOrNot(first, 1)];
        expect(shownTokens(short)).toEqual(shownTokens(long));
        if (typeof short === 'string' || typeof long === 'string') return;
        const [shortAfter, longAfter] = [
          await listedOrNot(second, 0, short),
          await listedOrNot(second, 1, long),
        ];
        expect(shownTokens(shortAfter)).toEqual(shownTokens(longAfter));
        if (typeof shortAfter === 'string' || typeof longAfter === 'string') return;
        expect(shownTokens(short)).toEqual(shownTokens(long));
        expect(shortAfter.ids === short.ids).toBe(longAfter.ids === long.ids);
      }),
      { numRuns: 150 },
    );
  });

  it('is shared by two lists that say the same, and no longer where a token is not what it was', async () => {
    const [one] = fc.sample(usualDevice, { numRuns: 1, seed: 7 });
    const before = await listed([[{ ...one }]], 0);
    expect((await listed([[{ ...one, status: 'assigned', assignedTo: { id: ADA } }]], 0, before)).ids).toBe(
      before.ids,
    );
    const other = await listed([[{ ...one, serialNumber: 'OTHER-1' }]], 0, before);
    expect(other.ids).not.toBe(before.ids);
    expect(valuesOf(other)).toEqual(['OTHER-1']);
    const model = await listed([[{ ...one, model: 'other' }]], 0, before);
    expect([...model.values()].flat().map((found) => found.model)).toEqual(['other']);
  });
});

const ADA = '00000000-0000-4000-8000-0000000000ad';

function valuesOf(devices: DeviceTable): readonly string[] {
  return [...devices.values()].flat().map(({ serialNumber }: Device) => serialNumber);
}

const name = fc.constantFrom(
  'ada@contoso.com',
  'Ada@contoso.com',
  'bo@contoso.com',
  'zoë@contoso.com',
  'cy',
  ADA,
);
const usualUser = fc.record({
  id: person,
  userPrincipalName: name,
  displayName: fc.constantFrom('Ada', 'Zoë'),
  accountEnabled: fc.boolean(),
  userType: fc.constantFrom('Member', 'Guest', 'guest', 'other'),
});
const oddUser = oddly({
  id: fc.constantFrom(
    'id-1',
    '00000000-0000-4000-8000-00000000000A',
    '00000000-0000-4000-8000-0000000000017',
    7,
  ),
  userPrincipalName: fc.constantFrom(null, '', 'a"b@contoso.com', `${'x'.repeat(130)}@contoso.com`),
  accountEnabled: fc.constant(null),
  userType: fc.constantFrom(null, 'Größe'),
});
const user: fc.Arbitrary<Item> = fc.oneof(
  { arbitrary: usualUser, weight: 4 },
  { arbitrary: fc.tuple(usualUser, oddUser).map(([one, other]) => ({ ...one, ...other })), weight: 3 },
);

/** Enough of them that the list of all users is read. */
const OTHERS = Array.from({ length: 400 }, (_, n) => `other${n}@contoso.com`);

/** @param ahead - pages that are read before it is known who is asked for; none when left out. */
async function found(
  list: readonly (readonly Item[])[],
  asked: readonly string[],
  blanks: 0 | 1,
  ahead?: number,
): Promise<unknown> {
  const people = new IdIndex();
  const users = new UserTable([...asked, ...OTHERS], { people, names: new TextIndex() });
  await inVirtualTime(async (clock) => {
    const { client } = scripted(clock, answers(list, blanks));
    const before = ahead === undefined ? undefined : new UsersAhead(client, people, ahead);
    await clock.sleep(1_000);
    await findInUserList(client, users, 100, before);
  });
  users.endLookUp();
  const names = [...asked, ...OTHERS].map((key) => users.names.find(key));
  return {
    all: [...users],
    complete: users.isComplete,
    members: names.map((place) => users.people.at(users.memberAt(place))),
    missing: [...users.missing()],
  };
}

const asked = fc.uniqueArray(
  fc.oneof(name, person, fc.constantFrom('a"b@contoso.com', `${'x'.repeat(130)}@contoso.com`)),
  { maxLength: 6 },
);

describe('the list of users in the bytes of its pages', () => {
  it('finds those whom JSON.parse finds in it', async () => {
    await fc.assert(
      fc.asyncProperty(pages(user), asked, async (list, who) => {
        expect(await found(list, who, 0)).toEqual(await found(list, who, 1));
      }),
      { numRuns: 150 },
    );
  });

  it('finds the same where it was read before it was known who is asked for, as far as it was', async () => {
    await fc.assert(
      fc.asyncProperty(
        pages(user),
        asked,
        fc.nat({ max: 5 }),
        fc.constantFrom(0, 1),
        async (list, who, ahead, blanks) => {
          expect(await found(list, who, blanks, ahead)).toEqual(await found(list, who, blanks));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('goes no further in all than it would have gone, had none of it been read before', async () => {
    const list = Array.from({ length: 9 }, (_, n) => [
      { id: idOfPerson(n), userPrincipalName: `u${n}@x.test` },
    ]);
    const requests = async (ahead?: number): Promise<number> => {
      let count = 0;
      await inVirtualTime(async (clock) => {
        const { client, transport } = scripted(clock, answers(list, 0));
        const people = new IdIndex();
        const before = ahead === undefined ? undefined : new UsersAhead(client, people, ahead);
        await clock.sleep(1_000);
        // Sixteen batches are worth four pages.
        await findInUserList(client, new UserTable(OTHERS, { people }), 16, before);
        count = transport.requests.length;
      });
      return count;
    };
    // The one behind the last page may be on its way when that has been read.
    for (const ahead of [undefined, 0, 1, 3, 4]) {
      const count = await requests(ahead);
      expect([count >= 4, count <= 5]).toEqual([true, true]);
    }
    expect(await requests(6)).toBeLessThanOrEqual(7);
  });
});

const idOfPerson = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
