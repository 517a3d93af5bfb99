// Requests of a run, by the lines of its chain.

import { expect, it } from 'vitest';
import { WriteTally } from '../../src/ledger/write-tally.js';

type Line = readonly [event: string, id: string, outcome?: string];

it.each<[string, readonly Line[], number, number]>([
  ['nothing', [], 0, 0],
  [
    'notes',
    [
      ['began', ''],
      ['session', ''],
    ],
    0,
    0,
  ],
  [
    'each request',
    [
      ['sent', 'a'],
      ['settled', 'A', 'done'],
      ['sent', 'b'],
      ['settled', 'B', 'done'],
    ],
    2,
    0,
  ],
  [
    'one for many rows once',
    [
      ['sent', 'a'],
      ['sent', 'a'],
      ['sent', 'a'],
      ['sent', 'b'],
    ],
    2,
    0,
  ],
  [
    'what was throttled, of many rows once',
    [
      ['settled', 'A', 'throttled'],
      ['settled', 'A', 'throttled'],
      ['settled', 'B', 'throttled'],
      ['settled', 'C', 'done'],
    ],
    0,
    2,
  ],
  [
    'each without an id',
    [
      ['settled', '', 'throttled'],
      ['settled', '', 'throttled'],
    ],
    0,
    2,
  ],
])('counts %s', (_what, lines, sent, throttled) => {
  const tally = new WriteTally();
  for (const [event, id, outcome = ''] of lines) {
    const ids =
      event === 'sent' ? { clientRequestId: id, requestId: '' } : { clientRequestId: '', requestId: id };
    tally.add({ event, outcome, ...ids });
  }
  expect(tally.counts()).toEqual({ sent, throttled });
});
