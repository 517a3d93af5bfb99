// What lists show that no row explains.

import { describe, expect, it } from 'vitest';
import type { DesiredRow } from '../../src/manifest/row.js';
import { countFindings, findFindings } from '../../src/reconcile/findings.js';
import { FINDING_KINDS, type Finding } from '../../src/reconcile/verdict.js';
import { Secret } from '../../src/secret.js';
import type { Device } from '../../src/tenant/observed.js';
import { device, shown } from './rows.js';

function desired(more: Partial<DesiredRow> = {}): DesiredRow {
  return {
    ...{ n: 0, address: { file: 'tokens.csv', line: 2 }, serialNumber: 'S1' },
    token: {
      secretKey: new Secret('LEAKCANARYGEZDGNBVGY3TQOJQ'),
      ...{ timeIntervalInSeconds: 30, hashFunction: 'hmacsha1', manufacturer: 'Contoso', model: 'T1' },
    },
    ...more,
  };
}

const CASES: readonly (readonly [what: string, devices: readonly Device[], kinds: readonly string[]])[] = [
  ['a token as in the manifest', [device('d1', 'S1')], []],
  ['no token', [], []],
  [
    'words in other case and with blanks',
    [device('d1', 's1', { manufacturer: ' CONTOSO', model: 't1 ' })],
    [],
  ],
  [
    'a token of which little is said',
    [device('d1', 'S1', { manufacturer: '', model: '', hashFunction: '', timeIntervalInSeconds: undefined })],
    [],
  ],
  [
    'two tokens with one serial number',
    [device('d1', 'S1'), device('d2', 's1', { model: 'T2' })],
    ['duplicate-serial'],
  ],
  ['another interval', [device('d1', 'S1', { timeIntervalInSeconds: 60 })], ['interval-mismatch']],
  ['another hash function', [device('d1', 'S1', { hashFunction: 'hmacsha256' })], ['hash-mismatch']],
  ['another manufacturer', [device('d1', 'S1', { manufacturer: 'Fabrikam' })], ['manufacturer-mismatch']],
  ['another model', [device('d1', 'S1', { model: 'T2' })], ['model-mismatch']],
  [
    'an activation that failed',
    [device('d1', 'S1', { status: 'failedActivation', assignedToId: 'u' })],
    ['activation-failed'],
  ],
  [
    'several things at once',
    [device('d1', 'S1', { timeIntervalInSeconds: 60, model: 'T2', status: 'failedActivation' })],
    ['interval-mismatch', 'model-mismatch', 'activation-failed'],
  ],
];

describe('the findings', () => {
  it.each(CASES)('of %s', (_what, devices, kinds) => {
    const findings = findFindings([desired()], shown(devices).devices);
    expect(findings.map(({ kind }) => kind)).toEqual(kinds);
    for (const finding of findings) {
      expect(finding).toMatchObject({ serialNumber: 'S1', file: 'tokens.csv', line: 2 });
      for (const sentence of [finding.detail, finding.next]) expect(sentence).toMatch(/\.$/);
      expect(finding.deviceId).toBe(devices.map(({ id }) => id).join(' '));
    }
  });

  it('are counted, every kind by its name', () => {
    const all = CASES.flatMap(([, devices]) => findFindings([desired()], shown(devices).devices));
    const counts = countFindings(all);
    expect(Object.keys(counts)).toEqual([...FINDING_KINDS]);
    for (const { kind } of all) expect(counts[kind]).toBeGreaterThan(0);
    expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(all.length);
  });

  it('pass over rows that were refused, and over tokens without details in a manifest', () => {
    const wrong = shown([device('d1', 'S1', { model: 'T2' })]).devices;
    const { token: _token, ...listed } = desired();
    expect(findFindings([desired({ invalid: { reason: 'model-missing', detail: 'x' } })], wrong)).toEqual([]);
    expect(findFindings([listed], wrong)).toEqual([]);
  });

  it('name no secret', () => {
    const all = CASES.flatMap(([, devices]) => findFindings([desired()], shown(devices).devices));
    expect(JSON.stringify(all)).not.toContain('LEAKCANARY');
  });
});

const PLACE = { serialNumber: 'S1', deviceId: 'd1', file: 'tokens.csv', line: 2 };
const NO_CODES =
  'Its codes will not be accepted. Find out which is right; an unassigned token can be corrected.';
const ONLY_WORDS = 'Correct the inventory or the manifest; codes are not affected.';

describe('of a token and its manifest a person reads', () => {
  it.each<readonly [kind: Finding['kind'], more: Partial<Device>, detail: string, next: string]>([
    [
      'interval-mismatch',
      { timeIntervalInSeconds: 60 },
      'The tenant says time interval 60; the manifest says 30.',
      NO_CODES,
    ],
    [
      'hash-mismatch',
      { hashFunction: 'hmacsha256' },
      'The tenant says hash function hmacsha256; the manifest says hmacsha1.',
      NO_CODES,
    ],
    [
      'manufacturer-mismatch',
      { manufacturer: 'Fabrikam' },
      'The tenant says manufacturer Fabrikam; the manifest says Contoso.',
      ONLY_WORDS,
    ],
    ['model-mismatch', { model: 'T2' }, 'The tenant says model T2; the manifest says T1.', ONLY_WORDS],
    [
      'activation-failed',
      { status: 'failedActivation' },
      'The holder tried to activate the token and failed.',
      'Let the holder try again with a fresh code; if it fails again, compare the secret with the vendor.',
    ],
  ])('%s', (kind, more, detail, next) => {
    const found = findFindings([desired()], shown([device('d1', 'S1', more)]).devices);
    expect(found).toEqual([{ ...PLACE, kind, detail, next }]);
  });

  it('duplicate-serial, and nothing of the properties of either', () => {
    const devices = shown([device('d1', 'S1', { model: 'T2' }), device('d2', 's1')]).devices;
    expect(findFindings([desired()], devices)).toEqual([
      {
        ...{ ...PLACE, kind: 'duplicate-serial', deviceId: 'd1 d2' },
        detail: 'The tenant holds 2 tokens with this serial number.',
        next: 'Find out which is the one in hand, and delete the others from the inventory.',
      },
    ]);
  });

  it('nothing when the manifest has blanks and capitals of its own', () => {
    const { token: own } = desired();
    if (own === undefined) throw new Error('it has one');
    const token = { ...own, manufacturer: ' CONTOSO ', model: 't1 ' };
    expect(findFindings([desired({ token })], shown([device('d1', 'S1')]).devices)).toEqual([]);
  });
});
