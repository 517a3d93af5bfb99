// Numbered places for what comes and goes much.

import { describe, expect, it } from 'vitest';
import { Slots } from '../../src/graph/slots.js';

describe('slots', () => {
  it('give what is there its number until it is removed, and that number again', () => {
    const slots = new Slots<{ readonly name: string }>();
    const [first, second] = ['first', 'second'].map((name) => slots.add({ name }));
    expect([first, second]).toEqual([0, 1]);
    expect(slots.remove(0)).toEqual({ name: 'first' });
    expect(slots.all()).toEqual([{ name: 'second' }]);
    expect(slots.add({ name: 'third' })).toBe(0);
    expect(slots.add({ name: 'fourth' })).toBe(2);
    expect(slots.all()).toEqual([{ name: 'third' }, { name: 'second' }, { name: 'fourth' }]);
  });

  it('answer nothing for a number that nobody has', () => {
    const slots = new Slots<object>();
    expect(slots.remove(slots.add({}))).toEqual({});
    expect([slots.remove(0), slots.remove(7)]).toEqual([undefined, undefined]);
    // Neither is given away twice.
    expect([slots.add({}), slots.add({})]).toEqual([0, 1]);
  });

  it('take as much memory as there is at once, however much goes through them', () => {
    const slots = new Slots<object>();
    const most = Array.from({ length: 10_000 }, (_, n) => {
      const places = Array.from({ length: (n % 16) + 1 }, () => slots.add({}));
      for (const place of places) slots.remove(place);
      return Math.max(...places);
    });
    expect(Math.max(...most)).toBe(15);
  });
});
