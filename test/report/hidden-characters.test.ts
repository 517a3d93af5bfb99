// What cannot be seen is spelled out wherever a person reads it, and what can be seen is left alone.

import { expect, it } from 'vitest';

import { visible } from '../../src/report/hidden-characters.js';

it.each([
  ['2308\u200B374', '2308⟨U+200B⟩374'],
  ['\uFEFF2308', '⟨U+FEFF⟩2308'],
  ['\u202Egnp.exe\u202C', '⟨U+202E⟩gnp.exe⟨U+202C⟩'],
  ['a\u001b[2J', 'a⟨U+001B⟩[2J'],
  ['a\r\n\tb', 'a⟨U+000D⟩⟨U+000A⟩⟨U+0009⟩b'],
  ['\u2028\u00AD', '⟨U+2028⟩⟨U+00AD⟩'],
  ['\uD800x', '⟨U+D800⟩x'],
  ['\u{E0067}', '⟨U+E0067⟩'],
])('spells out %j', (text, seen) => {
  expect(visible(text)).toBe(seen);
});

it.each(['', 'plain', 'björn dvořák', '日本', 'مرحبا', '👩‍👩‍👧 😀', 'می‌خواهم', 'a\u00A0b'])(
  'leaves alone %j',
  (text) => {
    expect(visible(text)).toBe(text);
  },
);
