// Where each operation is: what stands in a file must not change the address.

import { describe, expect, it } from 'vitest';
import { devicePath, devicesBySerialPath, userMethodsPath, userPath } from '../../src/graph/endpoints.js';
import { findDevices, readDevice } from '../../src/graph/one-device.js';
import { inVirtualTime } from '../virtual-run.js';
import { answer, BASE, scripted } from './scripted.js';

const INVENTORY = '/directory/authenticationMethodDevices/hardwareOathDevices';

describe('an address', () => {
  it.each([
    ['a serial number', devicesBySerialPath('GALT1'), `${INVENTORY}?$filter=serialNumber%20eq%20'GALT1'`],
    ['one with a quote', devicesBySerialPath("A'B"), `${INVENTORY}?$filter=serialNumber%20eq%20'A''B'`],
    [
      'one with an option in it',
      devicesBySerialPath('A&$top=1'),
      `${INVENTORY}?$filter=serialNumber%20eq%20'A%26%24top%3D1'`,
    ],
    ['a token', devicePath('a/b?c'), `${INVENTORY}/a%2Fb%3Fc`],
    ['the methods of a user', userMethodsPath('a/b'), '/users/a%2Fb/authentication/hardwareOathMethods'],
    [
      'a user',
      userPath('ada#ext#@x.test'),
      '/users/ada%23ext%23%40x.test?$select=id,userPrincipalName,accountEnabled,userType',
    ],
    [
      'a user whose name begins with $',
      userPath('$ada@x.test'),
      "/users('%24ada%40x.test')?$select=id,userPrincipalName,accountEnabled,userType",
    ],
  ])('of %s cannot be broken by what stands in it', (_what, path, expected) => {
    expect(path).toBe(expected);
  });
});

describe('a token that is looked up', () => {
  const item = (id: string, serialNumber: string) => ({ id, serialNumber });

  it('by serial number is only one that has it, although the filter may be ignored in silence', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [
        answer(200, { value: [item('d1', 'OTHER'), item('d2', 'galt1 ')], '@odata.nextLink': `${BASE}/p2` }),
        answer(200, { value: [item('d3', 'GALT1'), { nothing: 'known' }] }),
      ]);
      expect((await findDevices(client, 'GALT1')).map(({ id }) => id)).toEqual(['d2', 'd3']);
    });
  });

  it('by serial number is found although the service refuses the filter', async () => {
    await inVirtualTime(async (clock) => {
      const { client, transport } = scripted(clock, [
        answer(400),
        answer(200, { value: [item('d1', 'OTHER'), item('d2', 'GALT1')] }),
      ]);
      expect((await findDevices(client, 'GALT1')).map(({ id }) => id)).toEqual(['d2']);
      expect(transport.requests[1]?.url).toBe(`${BASE}${INVENTORY}`);
    });
  });

  it('by id is nothing when the service does not show it', async () => {
    await inVirtualTime(async (clock) => {
      const { client } = scripted(clock, [answer(404), answer(200, item('d1', 'GALT1'))]);
      expect(await readDevice(client, 'd1')).toBeUndefined();
      expect(await readDevice(client, 'd1')).toMatchObject({ id: 'd1', serialNumber: 'GALT1' });
    });
  });
});
