// A secret is what it says for whoever has to have it, and nothing for anybody else.

import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SecretColumn } from '../src/compact/secret-column.js';
import { Secret } from '../src/secret.js';

const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a secret', () => {
  it('is not looked for until it is revealed, compared or hashed', () => {
    let looks = 0;
    const secret = new Secret(() => {
      looks += 1;
      return KEY;
    });
    expect([String(secret), JSON.stringify({ secret }), inspect(secret)]).toEqual([
      '[secret]',
      '{"secret":"[secret]"}',
      '[secret]',
    ]);
    expect(looks).toBe(0);
    expect(secret.reveal()).toBe(KEY);
    expect(secret.is(new Secret(KEY))).toBe(true);
    expect(secret.is(new Secret(`${KEY}A`))).toBe(false);
    expect(secret.hash((text) => text.length)).toBe(KEY.length);
    expect(looks).toBe(4);
  });

  it('of a column is the one of its place, whatever comes behind it', () => {
    const column = new SecretColumn();
    column.push(new Secret(KEY));
    const first = column.at(0);
    column.skip();
    for (let n = 0; n < 20_000; n += 1) column.push(new Secret(`${KEY}${n}`));
    expect([first.reveal(), column.at(1).reveal(), column.at(20_001).reveal()]).toEqual([
      KEY,
      '',
      `${KEY}19999`,
    ]);
  });

  it('of a column is gone when the column forgets, whoever still has it, and shows no more than before', () => {
    const column = new SecretColumn();
    column.push(new Secret(KEY));
    column.push(new Secret('SHORT'.repeat(60)));
    const held = [column.at(0), column.at(1)];
    column.forget();
    column.forget();
    for (const secret of [...held, column.at(0)]) {
      expect(() => secret.reveal()).toThrow('a key is asked for that was forgotten');
      expect([String(secret), JSON.stringify(secret)]).toEqual(['[secret]', '"[secret]"']);
    }
  });
});
