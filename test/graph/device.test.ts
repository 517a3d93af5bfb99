// Tokens as the service describes them: flat or nested, complete or not.

import { describe, expect, it } from 'vitest';
import { decodeDevice } from '../../src/graph/device.js';

const FLAT = {
  '@odata.type': '#microsoft.graph.hardwareOathTokenAuthenticationMethodDevice',
  id: 'd1',
  displayName: null,
  serialNumber: 'GALT1',
  manufacturer: 'Thales',
  model: 'OTP 110',
  secretKey: null,
  timeIntervalInSeconds: 30,
  status: 'assigned',
  lastUsedDateTime: null,
  hashFunction: 'hmacsha1',
  assignedTo: { id: 'u1', displayName: 'Test User' },
};

const DECODED = {
  ...{ id: 'd1', serialNumber: 'GALT1', manufacturer: 'Thales', model: 'OTP 110' },
  ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', status: 'assigned', assignedToId: 'u1' },
  lastUsedDateTime: undefined,
};

describe('a token in an answer', () => {
  it('is read when it is flat', () => {
    expect(decodeDevice(FLAT)).toEqual(DECODED);
  });

  it('is read when it is nested in a method', () => {
    expect(decodeDevice({ id: 'm1', createdDateTime: 'x', device: FLAT })).toEqual(DECODED);
  });

  it('is read when a number is written as text', () => {
    expect(decodeDevice({ ...FLAT, timeIntervalInSeconds: '60' })?.timeIntervalInSeconds).toBe(60);
  });

  it('is read when the hash function is in capitals', () => {
    expect(decodeDevice({ ...FLAT, hashFunction: 'HmacSha256' })?.hashFunction).toBe('hmacsha256');
  });

  it('is held by nobody when the service says null, nothing, or an empty holder', () => {
    for (const assignedTo of [null, undefined, {}, { id: null }]) {
      expect(decodeDevice({ ...FLAT, assignedTo })?.assignedToId).toBeUndefined();
    }
  });

  it('is read when there is no more than an id', () => {
    expect(decodeDevice({ id: 'd1' })).toEqual({
      ...{ id: 'd1', serialNumber: '', manufacturer: '', model: '', hashFunction: '', status: '' },
      ...{ timeIntervalInSeconds: undefined, assignedToId: undefined, lastUsedDateTime: undefined },
    });
  });

  it.each([null, undefined, 'text', 7, [], {}, { id: 7 }, { ...FLAT, timeIntervalInSeconds: 'soon' }])(
    'is not made up from something else: %j',
    (item) => {
      expect(decodeDevice(item)).toBeUndefined();
    },
  );
});
