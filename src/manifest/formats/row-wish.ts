// The columns of an assignments file that ask for more than a token and its holder. All of them may be missing,
// and so may their cells.

import { Secret } from '../../secret.js';
import type { HeadingRule } from '../headings.js';
import type { Activation, Invalidity, RowAction, RowWish } from '../row.js';
import { checkSerialNumber } from '../serial-number.js';

export const WISH_FIELDS = ['action', 'replaces', 'activation', 'code', 'group'] as const;

export type WishField = (typeof WISH_FIELDS)[number];

/** Their headings; the names are those of the fields. */
export const WISH_RULES: readonly HeadingRule[] = [
  { name: 'action', required: false },
  { name: 'replaces', aliases: ['old serial number', 'replaces serial number'], required: false },
  { name: 'activation', required: false },
  { name: 'code', aliases: ['verification code', 'otp', 'one-time code'], required: false },
  { name: 'group', aliases: ['wave'], required: false },
];

/** `leave` is asked for by a list of its own. */
const ACTIONS: readonly RowAction[] = ['unassign', 'replace', 'delete', 'recreate'];

const ACTIVATIONS: readonly Activation[] = ['user', 'computed', 'codes'];

/** Microsoft Entra takes six digits (graph-api.md, section 2.1). People read them out in two groups. */
const CODE = /^\d{6}$/;

/** What a line asks for, or what cannot be read of it. A cell that may hold a secret is not repeated. */
export interface ReadWish {
  readonly wish: RowWish;
  readonly troubles: readonly WishTrouble[];
}

/** What cannot be read, and of which cell. */
export interface WishTrouble {
  readonly field: WishField;
  readonly trouble: Invalidity;
}

/**
 * Reads the cells of one line.
 *
 * @example
 * readWish((field) => (field === 'code' ? '123 456' : '')); // { wish: { code: Secret }, troubles: [] }
 */
export function readWish(cell: (field: WishField) => string): ReadWish {
  const { action, replaces, troubles } = readAction(cell);
  const written = cell('activation').toLowerCase();
  const activation = ACTIVATIONS.find((known) => known === written);
  if (written !== '' && activation === undefined) {
    const detail = `the activation is none of ${ACTIVATIONS.join(', ')}`;
    troubles.push({ field: 'activation', trouble: { reason: 'activation-unknown', detail } });
  }
  const code = cell('code').replaceAll(/[\s-]/g, '');
  if (code !== '' && !CODE.test(code)) {
    const zeros = /^\d{1,5}$/.test(code) ? '; a spreadsheet may have dropped leading zeros' : '';
    const detail = `the code does not have six digits${zeros}`;
    troubles.push({ field: 'code', trouble: { reason: 'code-malformed', detail } });
  }
  return {
    wish: {
      ...(action === undefined ? {} : { action }),
      ...(replaces === '' ? {} : { replaces }),
      ...(cell('group') === '' ? {} : { group: cell('group') }),
      ...(activation === undefined ? {} : { activation }),
      ...(CODE.test(code) ? { code: new Secret(code) } : {}),
    },
    troubles,
  };
}

interface ReadAction {
  readonly action: RowAction | undefined;
  /** Empty when the row replaces nothing. */
  readonly replaces: string;
  readonly troubles: WishTrouble[];
}

function readAction(cell: (field: WishField) => string): ReadAction {
  const troubles: WishTrouble[] = [];
  const written = cell('action').toLowerCase();
  const action = ACTIONS.find((known) => known === written);
  if (action === undefined && written !== '' && written !== 'assign') {
    const detail = `the action is none of ${['assign', ...ACTIONS].join(', ')}`;
    troubles.push({ field: 'action', trouble: { reason: 'action-unknown', detail } });
  }
  if (action !== 'replace') return { action, replaces: '', troubles };
  const replaces = cell('replaces');
  const wrong = checkSerialNumber(replaces);
  if (replaces === '') {
    const detail = "the token that is replaced is not named in the column 'replaces'";
    troubles.push({ field: 'replaces', trouble: { reason: 'replaced-missing', detail } });
  } else if (wrong !== undefined) {
    const detail = `of the token that is replaced: ${wrong.detail}`;
    troubles.push({ field: 'replaces', trouble: { reason: wrong.reason, detail } });
  }
  return { action, replaces, troubles };
}

/** Whether a line with this wish can do without a user: the token alone says whose it is. */
export function needsNoUser({ action }: RowWish): boolean {
  return action === 'unassign' || action === 'delete' || action === 'recreate';
}
