// The tenant in a file: what a killed rehearsal leaves behind.

import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSnapshot, SnapshotSaver, saveSnapshot } from '../../src/emulator/snapshot-file.js';
import { Secret } from '../../src/secret.js';
import { ada, at, DEVICES, methodsOf, Rehearsal, SECRET, seedToken, token } from './rehearsal.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oathbatch-snapshot-'));
  path = join(folder, 'state', 'tenant.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true }));

const POLICY = '/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath';

/** A tenant that has seen every kind of change. */
async function lived(): Promise<Rehearsal> {
  const rehearsal = new Rehearsal({
    devices: [
      seedToken('OLD', { legacy: true, assignedTo: ada.id, status: 'activated' }),
      seedToken('S1', { secretKey: new Secret(SECRET) }),
      seedToken('GONE'),
    ],
  });
  new SnapshotSaver(rehearsal.emulator, path);
  await rehearsal.create('S2', { displayName: 'Zweites – ✓', assignTo: { id: ada.id } });
  await rehearsal.post(methodsOf(ada), { device: { id: 'id-S1' } });
  await rehearsal.post(`${methodsOf(ada)}/id-S1/activate`, { verificationCode: rehearsal.wrongCode() });
  await rehearsal.send('DELETE', `${DEVICES}/id-GONE`);
  await rehearsal.send('PATCH', POLICY, { state: 'disabled' });
  return rehearsal;
}

describe('a snapshot file', () => {
  it('has every change as soon as it is answered, without a flush', async () => {
    const rehearsal = await lived();
    const snapshot = await loadSnapshot(path);
    expect(snapshot).toEqual(rehearsal.emulator.snapshot());
    expect(snapshot?.policy.state).toBe('disabled');
  });

  it('is written whole and shorter by a flush, and goes on afterwards', async () => {
    const rehearsal = new Rehearsal();
    const saver = new SnapshotSaver(rehearsal.emulator, path);
    await saver.flush();
    const id = await rehearsal.create('S1');
    for (const model of ['a', 'b', 'c']) await rehearsal.send('PATCH', `${DEVICES}/${id}`, { model });
    const lines = () => readFileSync(path, 'utf8').split('\n').length;
    const before = lines();
    await saver.flush();
    expect(lines()).toBe(before - 3);
    await rehearsal.create('S2');
    expect(await loadSnapshot(path)).toEqual(rehearsal.emulator.snapshot());
    expect(existsSync(`${path}.new`)).toBe(false);
  });

  it('never holds a secret', async () => {
    const rehearsal = await lived();
    const text = readFileSync(path, 'utf8');
    expect(text).toContain('"S1"');
    expect(text).not.toContain(SECRET);
    expect(text.toLowerCase()).not.toContain('secret');
    saveSnapshot(path, rehearsal.emulator.snapshot());
    expect(readFileSync(path, 'utf8')).not.toContain(SECRET);
  });

  it('is read up to its torn end, wherever it was torn', async () => {
    await lived();
    const text = readFileSync(path, 'utf8');
    const whole = await loadSnapshot(path);
    const lastLine = text.trimEnd().lastIndexOf('\n') + 1;
    for (let length = lastLine + 1; length < text.length - 1; length += 1) {
      writeFileSync(path, text.slice(0, length));
      const torn = await loadSnapshot(path);
      expect(torn?.devices).toEqual(whole?.devices);
      expect(torn?.policy.state).toBe('enabled');
    }
  });

  it('is absent at first', async () => {
    expect(await loadSnapshot(path)).toBeUndefined();
  });

  it.each(['nonsense', '{"device":{}}\n', '{"policy":1}\n{"removed":"x"}\n'])('is not %o', async (text) => {
    writeFileSync(join(folder, 'x'), text);
    await expect(loadSnapshot(join(folder, 'x'))).rejects.toMatchObject({ code: 'input-unreadable' });
  });

  it('that is torn in the middle is refused', async () => {
    await lived();
    appendFileSync(path, '{"dev\n{"removed":"id-S1"}\n');
    await expect(loadSnapshot(path)).rejects.toMatchObject({ code: 'input-unreadable' });
  });

  it('that cannot be written fails the flush, and no request', async () => {
    writeFileSync(join(folder, 'file'), '');
    const rehearsal = new Rehearsal();
    const saver = new SnapshotSaver(rehearsal.emulator, join(folder, 'file', 'tenant.jsonl'));
    expect(await rehearsal.post(DEVICES, token('S1'))).toMatchObject({ status: 201 });
    await expect(saver.flush()).rejects.toMatchObject({ code: 'disk-failed' });
  });
});

describe('an emulator from a snapshot', () => {
  it('goes on where the other one stopped, with new ids and the secrets of the seed', async () => {
    const before = await lived();
    const snapshot = before.emulator.snapshot();
    const devices = [seedToken('S1', { secretKey: new Secret(SECRET) }), seedToken('NOT-THERE')];
    const after = new Rehearsal({ snapshot, users: [], devices });
    expect({ ...after.emulator.truth(), log: [], counters: {} }).toEqual({
      ...before.emulator.truth(),
      ...{ log: [], counters: {} },
    });
    expect(after.emulator.snapshot()).toEqual(snapshot);

    const activate = (id: unknown, verificationCode: string) =>
      after.post(`${methodsOf(ada)}/${String(id)}/activate`, { verificationCode });
    const wrong = after.wrongCode();
    expect(await activate('id-S1', wrong)).toMatchObject({ status: 400 });
    expect(await activate('id-S1', wrong)).toMatchObject({ status: 400 });
    expect(after.statuses()).toMatchObject({ S1: 'failedActivation' });
    // Created in the other life, and in no seed: its secret is unknown.
    const { json } = await after.get(`${DEVICES}?$filter=serialNumber eq 'S2'`);
    expect(await activate(at(json, 'value', 0, 'id'), wrong)).toMatchObject({ status: 204 });
    const ids = [await after.create('S3'), ...snapshot.devices.map(({ id }) => id)];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
