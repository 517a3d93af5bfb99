// Creation in bulk: graph-api.md, section 3.1.3.

import { describe, expect, it } from 'vitest';
import { ada, at, DEVICES, items, Rehearsal, SECRET, token } from './rehearsal.js';

const bulk = (...value: readonly unknown[]): unknown => ({ '@context': '#$delta', value });

describe('a bulk PATCH', () => {
  it('creates every good item and reports each bad one by its content id', async () => {
    const rehearsal = new Rehearsal();
    const { status, json, text } = await rehearsal.send(
      'PATCH',
      DEVICES,
      bulk(
        { '@contentId': '1', ...token('S1') },
        { '@contentId': '2', ...token('S2', { secretKey: undefined }) },
        { '@contentId': '3', ...token('S1') },
        { '@contentId': '4', ...token('S4', { assignTo: { id: ada.id } }) },
      ),
    );
    expect(status).toBe(200);
    expect(items(json)).toMatchObject([
      { '@contentId': '1', serialNumber: 'S1', status: 'available', secretKey: null },
      {
        '@contentId': '2',
        '@Core.DataModificationException': { failedOperation: 'insert', responseCode: 400 },
      },
      {
        '@contentId': '3',
        '@Core.DataModificationException': { responseCode: 409, info: { code: 'conflict' } },
      },
      { '@contentId': '4', serialNumber: 'S4', status: 'assigned', assignedTo: { id: ada.id } },
    ]);
    expect(text).not.toContain(SECRET);
    expect(rehearsal.statuses()).toEqual({ S1: 'available', S4: 'assigned' });
  });

  it('takes rows of nothing but strings without a content id, as a published script sends them', async () => {
    const rehearsal = new Rehearsal();
    const { json } = await rehearsal.send(
      'PATCH',
      DEVICES,
      bulk(token('S1', { timeIntervalInSeconds: '60' })),
    );
    expect(items(json)).toHaveLength(1);
    expect(at(items(json), 0, '@contentId')).toBeUndefined();
    expect(rehearsal.emulator.truth().devices).toMatchObject([{ timeIntervalInSeconds: 60 }]);
  });

  it.each([413, 400, 404, 405, 501] as const)(
    'of more items than allowed is refused whole, with %d',
    async (refuseStatus) => {
      const rehearsal = new Rehearsal({ settings: { bulk: { maxItems: 2, refuseStatus } } });
      const body = bulk(token('S1'), token('S2'), token('S3'));
      expect(await rehearsal.send('PATCH', DEVICES, body)).toMatchObject({ status: refuseStatus });
      expect(rehearsal.emulator.truth().devices).toEqual([]);
    },
  );

  it('says nothing of single items when answers are bare', async () => {
    const rehearsal = new Rehearsal({ settings: { bulk: { answers: 'bare', successStatus: 201 } } });
    const { status, json } = await rehearsal.send('PATCH', DEVICES, bulk(token('S1'), {}));
    expect(status).toBe(201);
    expect(at(json, 'value')).toBeUndefined();
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
  });

  it('stops behind the first failed item when told to', async () => {
    const rehearsal = new Rehearsal({ settings: { bulk: { onFailure: 'stop' } } });
    const { json } = await rehearsal.send('PATCH', DEVICES, bulk(token('S1'), {}, token('S3')));
    expect(at(json, 'value', 2, '@Core.DataModificationException', 'responseCode')).toBe(424);
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
  });

  it.each([
    ['removed', true, { '@contentId': '2', '@removed': {}, '@Core.DataModificationException': {} }],
    ['annotated', true, { '@contentId': '2', '@Core.DataModificationException': { responseCode: 400 } }],
    ['error', true, { '@contentId': '2', error: { code: 'badRequest' } }],
    ['error', false, { error: { code: 'badRequest' } }],
  ] as const)(
    'tells a failed item in the way of the settings: %s, ids %s',
    async (failures, contentIds, told) => {
      const rehearsal = new Rehearsal({ settings: { bulk: { failures, contentIds } } });
      const body = bulk({ '@contentId': '1', ...token('S1') }, { '@contentId': '2' });
      const { json } = await rehearsal.send('PATCH', DEVICES, body);
      expect(items(json)[1]).toMatchObject(told);
      expect(at(json, 'value', 0, '@contentId')).toBe(contentIds ? '1' : undefined);
    },
  );

  it('leaves failed items out when told to, and says nothing at all when answers are empty', async () => {
    const absent = new Rehearsal({ settings: { bulk: { failures: 'absent' } } });
    expect(items((await absent.send('PATCH', DEVICES, bulk({}, token('S2')))).json)).toHaveLength(1);
    const empty = new Rehearsal({ settings: { bulk: { answers: 'empty' } } });
    expect(await empty.send('PATCH', DEVICES, bulk(token('S1')))).toMatchObject({ status: 204, text: '' });
    expect(empty.statuses()).toEqual({ S1: 'available' });
  });

  it('is refused whole for one bad item when told to', async () => {
    const rehearsal = new Rehearsal({ settings: { bulk: { onFailure: 'refuse' } } });
    expect(await rehearsal.send('PATCH', DEVICES, bulk(token('S1'), {}))).toMatchObject({ status: 400 });
    expect(rehearsal.statuses()).toEqual({});
  });

  it('reads assignTo over when told to, as where a permission is missing', async () => {
    const rehearsal = new Rehearsal({ settings: { bulk: { assignTo: 'ignore' } } });
    await rehearsal.send('PATCH', DEVICES, bulk(token('S1', { assignTo: { id: ada.id } })));
    expect(rehearsal.statuses()).toEqual({ S1: 'available' });
  });

  it.each([{}, { value: 'x' }, { value: [] }])('with the body %o is refused', async (body) => {
    expect(await new Rehearsal().send('PATCH', DEVICES, body)).toMatchObject({ status: 400 });
  });

  it('costs one write', async () => {
    const rehearsal = new Rehearsal();
    await rehearsal.send('PATCH', DEVICES, bulk(token('S1'), token('S2')));
    expect(rehearsal.emulator.truth().counters).toMatchObject({ http: 1, requests: 1, writes: 1, reads: 0 });
  });
});
