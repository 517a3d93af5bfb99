// The columns of an assignments file that ask for more than a token and its holder. All of them may be missing,
// and so may their cells.

import { Secret } from '../../secret.js';
import type { HeadingRule } from '../headings.js';
import type { Activation, Invalidity, RowWish } from '../row.js';

export const WISH_FIELDS = ['activation', 'code'] as const;

export type WishField = (typeof WISH_FIELDS)[number];

/** Their headings; the names are those of the fields. */
export const WISH_RULES: readonly HeadingRule[] = [
  { name: 'activation', required: false },
  { name: 'code', aliases: ['verification code', 'otp', 'one-time code'], required: false },
];

const ACTIVATIONS: readonly Activation[] = ['user', 'computed', 'codes'];

/** Microsoft Entra takes six digits (graph-api.md, section 2.1). People read them out in two groups. */
const CODE = /^\d{6}$/;

/** What a line asks for, or what cannot be read of it. A cell that may hold a secret is not repeated. */
export interface ReadWish {
  readonly wish: RowWish;
  readonly troubles: readonly Invalidity[];
}

/**
 * Reads the cells of one line.
 *
 * @example
 * readWish((field) => (field === 'code' ? '123 456' : '')); // { wish: { code: Secret }, troubles: [] }
 */
export function readWish(cell: (field: WishField) => string): ReadWish {
  const troubles: Invalidity[] = [];
  const written = cell('activation').toLowerCase();
  const activation = ACTIVATIONS.find((known) => known === written);
  if (written !== '' && activation === undefined) {
    troubles.push({
      reason: 'activation-unknown',
      detail: `the activation is none of ${ACTIVATIONS.join(', ')}`,
    });
  }
  const code = cell('code').replaceAll(/[\s-]/g, '');
  if (code !== '' && !CODE.test(code)) {
    const zeros = /^\d{1,5}$/.test(code) ? '; a spreadsheet may have dropped leading zeros' : '';
    troubles.push({ reason: 'code-malformed', detail: `the code does not have six digits${zeros}` });
  }
  return {
    wish: {
      ...(activation === undefined ? {} : { activation }),
      ...(CODE.test(code) ? { code: new Secret(code) } : {}),
    },
    troubles,
  };
}
