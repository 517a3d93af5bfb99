// The inventory of tokens: graph-api.md, sections 3.1.1, 3.1.2 and 3.1.4.

import { describe, expect, it } from 'vitest';
import {
  ada,
  at,
  bob,
  DEVICES,
  gus,
  items,
  methodsOf,
  Rehearsal,
  SECRET,
  seedToken,
  textLike,
  token,
} from './rehearsal.js';

describe('creating a token', () => {
  it('answers 201 with the whole token and a null secret', async () => {
    const rehearsal = new Rehearsal();
    const { status, json } = await rehearsal.post(DEVICES, token('S1', { displayName: 'Mine' }));
    expect(status).toBe(201);
    expect(json).toEqual({
      '@odata.context':
        'http://graph.test/beta/$metadata#directory/authenticationMethodDevices/hardwareOathDevices/$entity',
      id: textLike(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/),
      displayName: 'Mine',
      serialNumber: 'S1',
      manufacturer: 'Contoso',
      model: 'T1',
      secretKey: null,
      timeIntervalInSeconds: 30,
      status: 'available',
      lastUsedDateTime: null,
      hashFunction: 'hmacsha1',
      assignedTo: null,
    });
  });

  it('assigns the token at once when it is told to', async () => {
    const rehearsal = new Rehearsal();
    const { json } = await rehearsal.post(DEVICES, token('S1', { assignTo: { id: ada.id } }));
    expect(json).toMatchObject({ status: 'assigned', assignedTo: { id: ada.id, displayName: 'Ada' } });
    expect(rehearsal.holders()).toEqual({ S1: ada.id });
  });

  it.each([
    ['a missing serial number', { serialNumber: undefined }],
    ['a blank serial number', { serialNumber: ' ' }],
    ['a missing manufacturer', { manufacturer: undefined }],
    ['a missing model', { model: undefined }],
    ['a missing secret', { secretKey: undefined }],
    ['a secret that is not Base32', { secretKey: '018901890189' }],
    ['a padded secret', { secretKey: 'GEZDGNBV====' }],
    ['a secret of more than 128 characters', { secretKey: 'A'.repeat(129) }],
    ['a missing interval', { timeIntervalInSeconds: undefined }],
    ['an interval of 45 seconds', { timeIntervalInSeconds: 45 }],
    ['an unknown hash function', { hashFunction: 'hmacsha512' }],
    ['a property that the type does not have', { colour: 'blue' }],
    ['an assignment to a principal name', { assignTo: { id: ada.userPrincipalName } }],
    ['an assignment to nobody', { assignTo: { id: '00000000-0000-4000-8000-0000000000ff' } }],
    ['an assignment to a guest', { assignTo: { id: gus.id } }],
  ])('refuses %s, and changes nothing', async (_, change) => {
    const rehearsal = new Rehearsal();
    const { status, text } = await rehearsal.post(DEVICES, token('S1', change));
    expect([400, 404]).toContain(status);
    expect(text).not.toContain('0189');
    expect(text).not.toContain(SECRET);
    expect(rehearsal.emulator.truth().devices).toEqual([]);
  });

  it.each([
    ['a secret of 128 characters in lower case', { secretKey: 'abcdefgh'.repeat(16) }],
    ['the interval as a string', { timeIntervalInSeconds: '60' }],
    ['no hash function', { hashFunction: undefined }],
    ['the hash function in capitals', { hashFunction: 'HMACSHA256' }],
    ['an annotation', { '@odata.type': '#microsoft.graph.hardwareOathTokenAuthenticationMethodDevice' }],
  ])('takes %s', async (_, change) => {
    const rehearsal = new Rehearsal();
    expect(await rehearsal.post(DEVICES, token('S1', change))).toMatchObject({ status: 201 });
  });

  it.each([400, 409] as const)(
    'refuses a serial number twice, with %d if the settings say so',
    async (status) => {
      const rehearsal = new Rehearsal({ settings: { duplicateSerialStatus: status } });
      await rehearsal.create('S1');
      expect(await rehearsal.post(DEVICES, token('S1'))).toMatchObject({ status });
      expect(rehearsal.emulator.truth().devices).toHaveLength(1);
    },
  );
});

describe('one token', () => {
  it('is shown, changed while it is in stock, and deleted', async () => {
    const rehearsal = new Rehearsal();
    const id = await rehearsal.create('S1');
    expect(
      await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model: 'T2', hashFunction: 'hmacsha256' }),
    ).toMatchObject({
      status: 204,
      text: '',
    });
    expect(await rehearsal.get(`${DEVICES}/${id}`)).toMatchObject({
      status: 200,
      json: { model: 'T2', hashFunction: 'hmacsha256', manufacturer: 'Contoso', secretKey: null },
    });
    expect(await rehearsal.send('DELETE', `${DEVICES}/${id}`)).toMatchObject({ status: 204 });
    expect(await rehearsal.get(`${DEVICES}/${id}`)).toMatchObject({ status: 404 });
    expect(await rehearsal.send('DELETE', `${DEVICES}/${id}`)).toMatchObject({ status: 404 });
  });

  it.each([{ serialNumber: 'S2' }, { secretKey: SECRET }, { timeIntervalInSeconds: 45 }])(
    'cannot be changed to %o',
    async (change) => {
      const rehearsal = new Rehearsal();
      const id = await rehearsal.create('S1');
      expect(await rehearsal.send('PATCH', `${DEVICES}/${id}`, change)).toMatchObject({ status: 400 });
    },
  );

  it('cannot be changed or deleted while it is assigned', async () => {
    const rehearsal = new Rehearsal();
    const id = await rehearsal.create('S1', { assignTo: { id: ada.id } });
    expect(await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model: 'T2' })).toMatchObject({ status: 400 });
    expect(await rehearsal.send('DELETE', `${DEVICES}/${id}`)).toMatchObject({ status: 400 });
    expect(rehearsal.statuses()).toEqual({ S1: 'assigned' });
  });

  it('may have the serial number of one that was deleted', async () => {
    const rehearsal = new Rehearsal();
    const id = await rehearsal.create('S1');
    await rehearsal.send('DELETE', `${DEVICES}/${id}`);
    expect(await rehearsal.post(DEVICES, token('S1'))).toMatchObject({ status: 201 });
    const { json } = await rehearsal.get(`${DEVICES}?$filter=serialNumber eq 'S1'`);
    expect(items(json)).toHaveLength(1);
  });
});

describe('the list', () => {
  const serials = Array.from({ length: 12 }, (_, n) => `S${n}`);

  async function follow(rehearsal: Rehearsal, path: string): Promise<readonly (readonly unknown[])[]> {
    const { json } = await rehearsal.get(path);
    const page = items(json).map((item) => at(item, 'serialNumber'));
    const next = at(json, '@odata.nextLink');
    if (typeof next !== 'string') return [page];
    expect(next).toMatch(/^http:\/\/graph\.test\/beta\//);
    return [page, ...(await follow(rehearsal, next.replace('http://graph.test/beta', '')))];
  }

  it('is cut into pages that neither miss nor repeat a token', async () => {
    const rehearsal = new Rehearsal({
      settings: { pageSize: 5 },
      devices: serials.map((serial) => seedToken(serial)),
    });
    const pages = await follow(rehearsal, DEVICES);
    expect(pages.map((page) => page.length)).toEqual([5, 5, 2]);
    expect(pages.flat()).toEqual(serials);
  });

  it('keeps its place when tokens are deleted and created between two pages', async () => {
    const rehearsal = new Rehearsal({
      settings: { pageSize: 5 },
      devices: serials.map((serial) => seedToken(serial)),
    });
    const first = await rehearsal.get(DEVICES);
    await rehearsal.send('DELETE', `${DEVICES}/id-S0`);
    await rehearsal.send('DELETE', `${DEVICES}/id-S6`);
    await rehearsal.create('S12');
    const next = String(at(first.json, '@odata.nextLink')).replace('http://graph.test/beta', '');
    expect((await follow(rehearsal, next)).flat()).toEqual(['S5', 'S7', 'S8', 'S9', 'S10', 'S11', 'S12']);
  });

  it('has no next page behind the last token', async () => {
    const rehearsal = new Rehearsal({
      settings: { pageSize: 12 },
      devices: serials.map((serial) => seedToken(serial)),
    });
    expect(at((await rehearsal.get(DEVICES)).json, '@odata.nextLink')).toBeUndefined();
  });

  it('takes $top as the size of a page, and caps it', async () => {
    const devices = serials.map((serial) => seedToken(serial));
    const rehearsal = new Rehearsal({ settings: { pageSize: 2, maxPageSize: 7 }, devices });
    expect(items((await rehearsal.get(`${DEVICES}?$top=3`)).json)).toHaveLength(3);
    expect(items((await rehearsal.get(`${DEVICES}?$top=999`)).json)).toHaveLength(7);
    expect(await rehearsal.get(`${DEVICES}?$top=0`)).toMatchObject({ status: 400 });
    expect(await rehearsal.get(`${DEVICES}?$skiptoken=nonsense`)).toMatchObject({ status: 400 });
  });

  it('carries $filter, $select and $top on to the next page', async () => {
    const devices = serials.map((serial, n) => seedToken(serial, { model: n % 2 === 0 ? 'even' : "o'dd" }));
    const rehearsal = new Rehearsal({ devices });
    const query = new URLSearchParams({ $filter: "model eq 'o''dd'", $select: 'serialNumber', $top: '4' });
    const pages = await follow(rehearsal, `${DEVICES}?${query.toString()}`);
    expect(pages).toEqual([
      ['S1', 'S3', 'S5', 'S7'],
      ['S9', 'S11'],
    ]);
  });

  it.each([
    ["serialNumber eq 'S1'", ['S1']],
    ["status eq 'activated'", ['S1']],
    ["status eq 'available'", ['S0', 'S2']],
    ['timeIntervalInSeconds eq 60', ['S2']],
    ["hashFunction eq 'hmacsha256'", ['S2']],
    ["manufacturer eq 'Other'", ['S2']],
    [`assignedTo/id eq '${ada.id}'`, ['S1']],
    [`assignedTo/id eq '${bob.id}'`, []],
    ["serialNumber eq 's1'", []],
  ])('is filtered by %s', async (filter, expected) => {
    const rehearsal = new Rehearsal({
      devices: [
        seedToken('S0'),
        seedToken('S1', { assignedTo: ada.id, status: 'activated' }),
        seedToken('S2', { manufacturer: 'Other', timeIntervalInSeconds: 60, hashFunction: 'hmacsha256' }),
      ],
    });
    const { json } = await rehearsal.get(`${DEVICES}?$filter=${encodeURIComponent(filter)}`);
    expect(items(json).map((item) => at(item, 'serialNumber'))).toEqual(expected);
  });

  it.each(["startswith(model,'T')", "model eq 'T1' or model eq 'T2'", "secretKey eq 'X'", "model ne 'T1'"])(
    'refuses to be filtered by %s',
    async (filter) => {
      const { status } = await new Rehearsal().get(`${DEVICES}?$filter=${encodeURIComponent(filter)}`);
      expect(status).toBe(400);
    },
  );

  it('may have a page without items in a long list, and points onwards', async () => {
    const devices = Array.from({ length: 20_100 }, (_, n) =>
      seedToken(`S${n}`, { model: n < 20_050 ? 'T1' : 'T2' }),
    );
    const rehearsal = new Rehearsal({ devices });
    const query = new URLSearchParams({ $filter: "model eq 'T2'", $select: 'serialNumber' });
    const pages = await follow(rehearsal, `${DEVICES}?${query.toString()}`);
    expect(pages.map((page) => page.length)).toEqual([0, 50]);
  });

  it('shows only what is selected', async () => {
    const rehearsal = new Rehearsal({ devices: [seedToken('S0')] });
    const { json } = await rehearsal.get(`${DEVICES}?$select=id,serialNumber,status,assignedTo`);
    expect(items(json)).toEqual([{ id: 'id-S0', serialNumber: 'S0', status: 'available', assignedTo: null }]);
    expect(await rehearsal.get(`${DEVICES}?$select=id,colour`)).toMatchObject({ status: 400 });
  });

  it('has the documented, nested shape when it is asked for', async () => {
    const rehearsal = new Rehearsal({ settings: { shape: 'nested' }, devices: [seedToken('S0')] });
    expect(items((await rehearsal.get(DEVICES)).json)).toMatchObject([
      {
        '@odata.type': '#microsoft.graph.hardwareOathAuthenticationMethod',
        id: 'id-S0',
        device: { serialNumber: 'S0' },
      },
    ]);
  });

  it('ignores options that are not documented', async () => {
    const rehearsal = new Rehearsal({ devices: [seedToken('S0')] });
    expect(items((await rehearsal.get(`${DEVICES}?$count=true&$orderby=model&$expand=x`)).json)).toHaveLength(
      1,
    );
  });
});

describe('a legacy token (graph-api.md, section 10.4)', () => {
  it('stands among its user methods and not in the inventory, beside a new one with its serial number', async () => {
    const rehearsal = new Rehearsal({
      devices: [
        seedToken('S1', { id: 'old', legacy: true, assignedTo: ada.id, status: 'activated' }),
        seedToken('S1', { id: 'new', assignedTo: ada.id }),
      ],
    });
    const methods = await rehearsal.get(methodsOf(ada));
    expect(items(methods.json).map((method) => at(method, 'id'))).toEqual(['old', 'new']);
    for (const query of ['', "?$filter=serialNumber eq 'S1'", `?$filter=assignedTo/id eq '${ada.id}'`]) {
      const { json } = await rehearsal.get(`${DEVICES}${query}`);
      expect(items(json).map((item) => at(item, 'id'))).toEqual(['new']);
    }
  });

  it('goes by the documented two deletions', async () => {
    const rehearsal = new Rehearsal({
      devices: [seedToken('S1', { id: 'old', legacy: true, assignedTo: ada.id })],
    });
    expect(await rehearsal.send('DELETE', `${DEVICES}/old`)).toMatchObject({ status: 400 });
    expect(await rehearsal.send('DELETE', `${methodsOf(ada)}/old`)).toMatchObject({ status: 204 });
    expect(await rehearsal.send('DELETE', `${DEVICES}/old`)).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().devices).toEqual([]);
  });
});
