// Judges whether the users of a plan can be given their tokens, by what was listed already. Nothing is read here.

import { NumberColumn } from '../../compact/number-column.js';
import { TextIndex } from '../../compact/text-index.js';
import { userKey } from '../../lookup-key.js';
import type { Plan, PlannedRow } from '../../plan/plan.js';
import { notableRows } from '../../plan/planned-rows.js';
import type { Observed } from '../../tenant/observed.js';
import { type Check, pass, warn } from './check.js';

/** graph-api.md, section 2.4: tokens and authenticator apps together, of which only tokens are seen here. */
const METHODS_MAX = 5;

/** Names that are told one by one. */
const NAMED_MAX = 5;

interface Trouble {
  readonly isSo: (row: PlannedRow) => boolean;
  readonly one: string;
  readonly many: string;
  readonly mend: string;
}

/**
 * Whether the users can be given what the plan gives them. It only warns: rows that cannot be carried out are left
 * alone, or refused by the service one by one, and the others are done.
 *
 * @param observed - what was listed. Where nobody was asked for his methods, tokens are counted by the inventory,
 *   in which older uploads are not seen.
 */
export function checkUsers({ rows }: Pick<Plan, 'rows'>, observed: Observed): Check {
  const name = 'users';
  const isDisabled = ({ user, actions }: PlannedRow): boolean =>
    actions.includes('assign') && observed.users.get(userKey(user))?.accountEnabled === false;
  const troubles: readonly Trouble[] = [
    {
      isSo: ({ decided }) => decided?.reason === 'user-not-found',
      ...{ one: 'does not exist', many: 'do not exist' },
      mend: 'Correct the names in the files: their rows are left alone.',
    },
    {
      isSo: ({ decided }) => decided?.reason === 'user-is-guest',
      ...{ one: 'is a guest', many: 'are guests' },
      mend: 'Guests cannot be given a token here: their rows are left alone.',
    },
    {
      isSo: isDisabled,
      ...{ one: 'is disabled', many: 'are disabled' },
      mend: 'Who is disabled gets a token all the same and cannot sign in with it: enable them, or take them out.',
    },
    {
      isSo: overfull(rows, observed),
      ...{
        one: `would hold more than ${METHODS_MAX} tokens`,
        many: `would hold more than ${METHODS_MAX} tokens`,
      },
      mend: `Nobody may hold more than ${METHODS_MAX}, authenticator apps among them: take one back first.`,
    },
  ];
  const met = peopleIn(troubles, rows).filter(({ who }) => who.length > 0);
  if (met.length === 0) return pass(name, `${counted(observed.users.size)}, and can be given a token`);
  return warn(
    name,
    met
      .map(({ who, one, many }) => `${who.length} ${who.length === 1 ? one : many}: ${named(who)}`)
      .join('; '),
    met.map(({ mend }) => mend).join(' '),
  );
}

/** Each trouble with those who are in it. */
function peopleIn(
  troubles: readonly Trouble[],
  rows: Plan['rows'],
): readonly (Trouble & { readonly who: readonly string[] })[] {
  const people = troubles.map(() => new Set<string>());
  for (const row of notableRows(rows)) {
    for (const [i, { isSo }] of troubles.entries()) if (isSo(row)) people[i]?.add(row.user);
  }
  return troubles.map((trouble, i) => ({ ...trouble, who: [...(people[i] ?? [])] }));
}

function counted(count: number): string {
  return count === 1 ? '1 user exists' : `${count} users exist`;
}

function named(users: readonly string[]): string {
  const more = users.length - NAMED_MAX;
  return `${users.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The users who are given something, and how many tokens each holds or will hold. In columns: they may be a million. */
function overfull(rows: Plan['rows'], { devices, methods }: Observed): (row: PlannedRow) => boolean {
  const ids = new TextIndex();
  const counts = new NumberColumn();
  const add = (userId: string, count: number): void => {
    const position = ids.add(userId);
    if (position === counts.length) counts.push(count);
    else counts.set(position, counts.at(position) + count);
  };
  for (const row of notableRows(rows)) {
    const receiver = receiverOf(row);
    if (receiver !== undefined) add(receiver, risesBy(row, receiver));
  }
  if (ids.length === 0) return () => false;
  for (const found of devices.values()) {
    for (const { assignedToId } of found) {
      if (assignedToId === undefined || methods?.has(assignedToId) === true) continue;
      if (ids.find(assignedToId) >= 0) add(assignedToId, 1);
    }
  }
  for (const [userId, held] of methods ?? []) if (ids.find(userId) >= 0) add(userId, held.length);
  return (row) => {
    const receiver = receiverOf(row);
    return receiver !== undefined && counts.at(ids.find(receiver)) > METHODS_MAX;
  };
}

/** Who is given a token by a row. */
function receiverOf({ actions, targets, userId }: PlannedRow): string | undefined {
  const step = actions.indexOf('assign');
  if (step < 0) return undefined;
  const receiver = targets?.[step]?.userId ?? userId;
  return receiver === '' ? undefined : receiver;
}

/** How many tokens more the receiver holds at most while the row is carried out. */
function risesBy({ actions, targets, userId }: PlannedRow, receiver: string): number {
  let [now, most] = [0, 0];
  for (const [step, kind] of actions.entries()) {
    if ((targets?.[step]?.userId ?? userId) !== receiver) continue;
    if (kind === 'assign') now += 1;
    if (kind === 'unassign') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}
