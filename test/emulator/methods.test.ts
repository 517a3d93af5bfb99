// A user's own registrations: graph-api.md, sections 2.3, 2.4 and 3.2.

import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/secret.js';
import {
  ada,
  at,
  bob,
  DEVICES,
  gus,
  items,
  methodsOf,
  type Parts,
  Rehearsal,
  SECRET,
  seedToken,
} from './rehearsal.js';

const secretKey = new Secret(SECRET);
const DAY_MS = 86_400_000;

/** A token of Ada's that waits for its code. */
function assigned(parts: Parts = {}): Rehearsal {
  return new Rehearsal({ ...parts, devices: [seedToken('S1', { secretKey, assignedTo: ada.id })] });
}

function inStock(parts: Parts = {}): Rehearsal {
  return new Rehearsal({ ...parts, devices: [seedToken('S1', { secretKey })] });
}

const METHOD = `${methodsOf(ada)}/id-S1`;

describe('assigning', () => {
  const assign = (rehearsal: Rehearsal, user = ada, id = 'id-S1') =>
    rehearsal.post(methodsOf(user), { device: { id } });

  it('gives the token to the user, whose method has the id of the device', async () => {
    const rehearsal = inStock();
    expect(await assign(rehearsal)).toMatchObject({
      status: 201,
      json: {
        '@odata.type': '#microsoft.graph.hardwareOathAuthenticationMethod',
        id: 'id-S1',
        createdDateTime: '2026-01-05T08:00:00.000Z',
      },
    });
    const { json } = await rehearsal.get(methodsOf(ada));
    expect(items(json)).toMatchObject([
      {
        id: 'id-S1',
        device: { serialNumber: 'S1', status: 'assigned', secretKey: null, assignedTo: { id: ada.id } },
      },
    ]);
    expect(await rehearsal.get(METHOD)).toMatchObject({
      status: 200,
      json: { device: { status: 'assigned' } },
    });
  });

  it('works by reference', async () => {
    const rehearsal = inStock();
    const put = (user: string) =>
      rehearsal.send('PUT', `${METHOD}/device/assignTo/$ref`, {
        '@odata.id': `https://graph.microsoft.com/beta/users/${user}`,
      });
    expect(await put(bob.id)).toMatchObject({ status: 400 });
    expect(await put(ada.id)).toMatchObject({ status: 204 });
    expect(rehearsal.holders()).toEqual({ S1: ada.id });
  });

  it('addresses users by principal name, in any case, and path segments too', async () => {
    const rehearsal = inStock();
    const path = `/USERS/${encodeURIComponent('ADA@contoso.example')}/Authentication/hardwareoathmethods`;
    expect(await rehearsal.post(path, { device: { id: 'id-S1' } })).toMatchObject({ status: 201 });
    expect(rehearsal.holders()).toEqual({ S1: ada.id });
  });

  it('refuses guests, unknown users and unknown tokens', async () => {
    const rehearsal = inStock();
    expect(await assign(rehearsal, gus)).toMatchObject({ status: 400 });
    expect(await assign(rehearsal, { ...ada, id: 'nobody' })).toMatchObject({ status: 404 });
    expect(await assign(rehearsal, ada, 'nothing')).toMatchObject({ status: 404 });
    expect(await rehearsal.post(methodsOf(ada), { id: 'id-S1' })).toMatchObject({ status: 400 });
    expect(rehearsal.holders()).toEqual({ S1: undefined });
  });

  it("refuses another user's token", async () => {
    expect(await assign(assigned(), bob)).toMatchObject({ status: 400 });
  });

  it.each([
    ['refuse', 409],
    ['accept', 201],
  ] as const)('a token to its own holder: %s means %d', async (alreadyAssigned, status) => {
    const rehearsal = assigned({ settings: { alreadyAssigned } });
    expect(await assign(rehearsal)).toMatchObject({ status });
    expect(rehearsal.emulator.truth().log.at(-1)).toMatchObject({ effect: false });
  });

  it('refuses the sixth token, also at creation, and takes one again after an unassignment', async () => {
    const five = ['A', 'B', 'C', 'D', 'E'].map((serial) => seedToken(serial, { assignedTo: ada.id }));
    const rehearsal = new Rehearsal({ devices: [...five, seedToken('S1')] });
    expect(await assign(rehearsal)).toMatchObject({ status: 400 });
    await rehearsal.create('S2', { assignTo: { id: ada.id } }).catch(() => undefined);
    expect(rehearsal.statuses()).not.toHaveProperty('S2');
    await rehearsal.send('DELETE', `${methodsOf(ada)}/id-C`);
    expect(await assign(rehearsal)).toMatchObject({ status: 201 });
  });
});

describe('activating', () => {
  const activate = (rehearsal: Rehearsal, verificationCode: string, more = {}) =>
    rehearsal.post(`${METHOD}/activate`, { verificationCode, ...more });

  it('takes the current code, and the name for the token', async () => {
    const rehearsal = assigned();
    expect(await activate(rehearsal, rehearsal.code(), { displayName: 'Key ring' })).toMatchObject({
      status: 204,
    });
    expect(rehearsal.emulator.truth().devices).toMatchObject([
      { status: 'activated', displayName: 'Key ring' },
    ]);
  });

  it.each([
    [30, 'hmacsha1', 'SHA1', 1],
    [60, 'hmacsha256', 'SHA256', 2],
  ] as const)(
    'takes a code of a token of %d s with %s, %s, whose clock is off by up to %d days',
    async (...with_) => {
      const [timeIntervalInSeconds, hashFunction, algorithm, days] = with_;
      for (const [offsetMs, status] of [
        [days * DAY_MS, 204],
        [-days * DAY_MS, 204],
        [days * DAY_MS + 2 * 60_000, 400],
      ] as const) {
        const device = seedToken('S1', {
          secretKey,
          assignedTo: ada.id,
          timeIntervalInSeconds,
          hashFunction,
        });
        const rehearsal = new Rehearsal({ devices: [device] });
        const code = rehearsal.code(offsetMs, timeIntervalInSeconds, algorithm);
        expect(await activate(rehearsal, code)).toMatchObject({ status });
      }
    },
  );

  it('takes less drift when the settings say so', async () => {
    const rehearsal = assigned({ settings: { activationTolerance: '30s' } });
    expect(await activate(rehearsal, rehearsal.code(-120_000))).toMatchObject({ status: 400 });
    expect(await activate(rehearsal, rehearsal.code(-30_000))).toMatchObject({ status: 204 });
  });

  it.each(['12345', '1234567', '12 456', 'abcdef', '１２３４５６'])(
    'refuses %s, which is not six digits',
    async (code) => {
      const rehearsal = assigned({ settings: { failedActivationAfter: 1 } });
      expect(await activate(rehearsal, code)).toMatchObject({ status: 400 });
      expect(rehearsal.statuses()).toEqual({ S1: 'assigned' });
    },
  );

  it('has failed after three wrong codes, and succeeds with a right one all the same', async () => {
    const rehearsal = assigned();
    const wrong = rehearsal.wrongCode();
    const seen: unknown[] = [];
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      expect(await activate(rehearsal, wrong)).toMatchObject({ status: 400 });
      seen.push(rehearsal.statuses()['S1']);
    }
    expect(seen).toEqual(['assigned', 'assigned', 'failedActivation']);
    expect(await activate(rehearsal, rehearsal.code())).toMatchObject({ status: 204 });
    expect(rehearsal.statuses()).toEqual({ S1: 'activated' });
  });

  it('answers 404 to a user who does not hold the token', async () => {
    const rehearsal = assigned();
    const path = `${methodsOf(bob)}/id-S1/activate`;
    expect(await rehearsal.post(path, { verificationCode: rehearsal.code() })).toMatchObject({ status: 404 });
  });

  it.each([
    ['accept', 204],
    ['refuse', 400],
  ] as const)('an activated token: %s means %d', async (alreadyActivated, status) => {
    const rehearsal = assigned({ settings: { alreadyActivated } });
    await activate(rehearsal, rehearsal.code());
    expect(await activate(rehearsal, rehearsal.code())).toMatchObject({ status });
    expect(rehearsal.emulator.truth().log.at(-1)).toMatchObject({ effect: false });
  });

  it('accepts any six digits for a token whose secret nobody knows', async () => {
    const rehearsal = new Rehearsal({ devices: [seedToken('S1', { assignedTo: ada.id })] });
    expect(await activate(rehearsal, '00000x')).toMatchObject({ status: 400 });
    expect(await activate(rehearsal, '000000')).toMatchObject({ status: 204 });
  });
});

describe('assigning and activating at once', () => {
  const byId = (rehearsal: Rehearsal, verificationCode: string, user = ada) =>
    rehearsal.post(`${methodsOf(user)}/assignAndActivate`, { device: { id: 'id-S1' }, verificationCode });
  const bySerial = (rehearsal: Rehearsal, verificationCode: string, user = ada) =>
    rehearsal.post(`${methodsOf(user)}/assignAndActivateBySerialNumber`, {
      serialNumber: 'S1',
      verificationCode,
    });

  it.each([
    ['by id', byId],
    ['by serial number', bySerial],
  ])('%s does both, or neither', async (_, act) => {
    const rehearsal = inStock();
    for (let attempt = 0; attempt < 4; attempt += 1) {
      expect(await act(rehearsal, rehearsal.wrongCode())).toMatchObject({ status: 400 });
    }
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
    expect(await act(rehearsal, rehearsal.code(), gus)).toMatchObject({ status: 400 });
    expect(await act(rehearsal, rehearsal.code())).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().devices).toMatchObject([{ status: 'activated', holder: ada.id }]);
  });

  it.each([
    ['by id', byId],
    ['by serial number', bySerial],
  ])("%s activates the user's own token, and refuses another's", async (_, act) => {
    const rehearsal = assigned();
    expect(await act(rehearsal, rehearsal.code(), bob)).toMatchObject({ status: 400 });
    expect(await act(rehearsal, rehearsal.code())).toMatchObject({ status: 204 });
    expect(rehearsal.statuses()).toEqual({ S1: 'activated' });
  });

  it('answers 404 to a serial number that is not in the inventory', async () => {
    const body = { serialNumber: 'S9', verificationCode: '000000' };
    expect(await inStock().post(`${methodsOf(ada)}/assignAndActivateBySerialNumber`, body)).toMatchObject({
      status: 404,
    });
  });
});

describe('going back', () => {
  it('deactivates to assigned and unassigns to available', async () => {
    const rehearsal = assigned();
    await rehearsal.post(`${METHOD}/activate`, { verificationCode: rehearsal.code() });
    expect(await rehearsal.post(`${METHOD}/deactivate`)).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().devices).toMatchObject([{ status: 'assigned', holder: ada.id }]);
    expect(await rehearsal.post(`${METHOD}/deactivate`)).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth().log.at(-1)).toMatchObject({ effect: false });
    expect(await rehearsal.send('DELETE', METHOD)).toMatchObject({ status: 204 });
    expect(rehearsal.emulator.truth()).toMatchObject({ devices: [{ status: 'available' }], methods: {} });
    expect(await rehearsal.send('DELETE', METHOD)).toMatchObject({ status: 404 });
    expect(await rehearsal.get(`${DEVICES}/id-S1`)).toMatchObject({
      json: { status: 'available', assignedTo: null },
    });
  });
});

describe('/me', () => {
  it('is refused to an application', async () => {
    const { status, json } = await inStock().get('/me/authentication/hardwareOathMethods');
    expect(status).toBe(400);
    expect(at(json, 'error', 'message')).toContain('delegated');
  });

  it('is the signed-in user', async () => {
    const rehearsal = inStock({ settings: { me: ada.id } });
    const body = { serialNumber: 'S1', verificationCode: rehearsal.code() };
    const path = '/me/authentication/hardwareOathMethods/assignAndActivateBySerialNumber';
    expect(await rehearsal.post(path, body)).toMatchObject({ status: 204 });
    expect(await rehearsal.get('/me')).toMatchObject({ json: { userPrincipalName: ada.userPrincipalName } });
    expect(rehearsal.holders()).toEqual({ S1: ada.id });
  });
});

describe('the list of methods', () => {
  it('takes $filter, $select and $top', async () => {
    const devices = ['A', 'B', 'C'].map((serial) => seedToken(serial, { assignedTo: ada.id }));
    const rehearsal = new Rehearsal({ devices });
    const one = await rehearsal.get(`${methodsOf(ada)}?$filter=device/serialNumber eq 'B'&$select=id`);
    expect(items(one.json)).toEqual([{ id: 'id-B' }]);
    const first = await rehearsal.get(`${methodsOf(ada)}?$top=2`);
    expect(items(first.json)).toHaveLength(2);
    expect(at(first.json, '@odata.nextLink')).toContain('$top=2&$skiptoken=');
  });
});
