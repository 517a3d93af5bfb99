// The rows of a seed and the tenant that they meet.

import { TextIndex } from '../../src/compact/text-index.js';
import type { SeedDevice, SeedUser } from '../../src/emulator/tenant.js';
import type { Desired, DesiredRow } from '../../src/manifest/row.js';
import { member, stockToken, wanted } from '../rehearsed-run.js';
import type { RowKind } from './draw.js';

const OUTSIDER = member(9_001, { userPrincipalName: 'outsider@contoso.example' });
const GUEST = member(9_002, { userPrincipalName: 'guest@contoso.example', userType: 'Guest' });

/** Tokens that a user may hold: https://learn.microsoft.com/entra/identity/authentication/concept-authentication-oath-tokens */
const TOKENS_PER_USER = 5;

export interface World {
  readonly desired: Desired;
  /** How often a run has forgotten its secret keys. */
  readonly timesForgotten: () => number;
  readonly users: readonly SeedUser[];
  readonly devices: readonly SeedDevice[];
}

interface Asked {
  readonly user?: string;
  readonly devices: readonly SeedDevice[];
}

function asked(kind: RowKind, n: number, own: SeedUser): Asked {
  const serial = serialOf(n);
  const user = own.userPrincipalName;
  switch (kind) {
    case 'create-and-assign':
      return { user, devices: [] };
    case 'assign':
      return { user, devices: [stockToken(serial)] };
    case 'create':
      return { devices: [] };
    case 'already-assigned':
      return { user, devices: [stockToken(serial, { assignedTo: own.id })] };
    case 'already-activated':
      return { user, devices: [stockToken(serial, { assignedTo: own.id, status: 'activated' })] };
    case 'in-stock':
      return { devices: [stockToken(serial)] };
    case 'held-by-other':
      return { user, devices: [stockToken(serial, { assignedTo: OUTSIDER.id })] };
    case 'unknown-user':
      return { user: 'ghost@contoso.example', devices: [stockToken(serial)] };
    case 'guest':
      return { user: GUEST.userPrincipalName, devices: [stockToken(serial)] };
    case 'user-with-five':
      return { user, devices: [stockToken(serial), ...fiveOf(own, n)] };
    case 'create-for-user-with-five':
      return { user, devices: fiveOf(own, n) };
  }
}

function fiveOf(own: SeedUser, n: number): readonly SeedDevice[] {
  return Array.from({ length: TOKENS_PER_USER }, (_, k) =>
    stockToken(`OLD${n}-${k}`, { assignedTo: own.id }),
  );
}

function serialOf(n: number): string {
  return `S${n}`;
}

export function makeTenant(kinds: readonly RowKind[]): World {
  const members = kinds.map((_, n) => member(n + 1));
  // The outsider holds a token for each such row, which is more than a user may; a seed is not asked.
  const all = kinds.map((kind, n) => asked(kind, n, members[n] ?? OUTSIDER));
  const rows: readonly DesiredRow[] = all.map(({ user }, n) => wanted(n, serialOf(n), user));
  // The next life has the same rows: nothing is forgotten, and it is noted that it was to be.
  let forgotten = 0;
  const forgetSecrets = (): void => {
    forgotten += 1;
  };
  return {
    desired: { rows, inputs: [], joinedAssignments: 0, warnings: [], names: new TextIndex(), forgetSecrets },
    timesForgotten: () => forgotten,
    users: [...members, OUTSIDER, GUEST],
    devices: [
      stockToken('OUT1'),
      stockToken('OUT2', { assignedTo: OUTSIDER.id, status: 'activated' }),
      ...all.flatMap(({ devices }) => devices),
    ],
  };
}
