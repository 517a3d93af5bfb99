// The rows that are as they should be already: the one token is held by the member whom the row names. They are found
// by numbers alone, without making a row, a token or a user of them; the long way through decide.ts and ways.ts would
// come to the same. Pure.

import { serialKey } from '../lookup-key.js';
import type { DesiredRows } from '../manifest/row.js';
import type { Observed } from '../tenant/observed.js';
import type { Course } from './planned-rows.js';
import type { PlanRules } from './rules.js';

/** What the plan says of a row by numbers: the places of token and user among the tenant's ids. */
export interface HeldRow {
  readonly token: number;
  readonly person: number;
  readonly course: Course;
}

/** `undefined` for a row that has to be looked at. */
export type HeldAt = (n: number) => HeldRow | undefined;

const NOWHERE: HeldAt = () => undefined;

/** Finds them, where rows and lists are tables. */
export function heldRows({ parts }: DesiredRows, { devices, users }: Observed, rules: PlanRules): HeldAt {
  const { places: tokens, ids, people } = devices;
  const { places: members } = users;
  if (parts === undefined || tokens === undefined || members === undefined) return NOWHERE;
  if (ids === undefined || members.people !== people || rules.removesLegacy === true) return NOWHERE;
  const expect = rules.activation === 'computed' ? 'activated' : 'assigned';
  const activated: Course = { expect, actions: [], already: 'activated' };
  // Of which a code is still to be sent, is not as it should be.
  const assigned: Course | undefined =
    expect === 'activated' ? undefined : { expect, actions: [], already: 'assigned' };

  return (n) => {
    const person = parts.isPlain(n) ? members.memberAt(parts.nameIn(members.names, n)) : -1;
    const serialNumber = person < 0 ? undefined : parts.serialNumberAt(n);
    if (serialNumber === undefined) return undefined;
    const [token = -1, ...others] = tokens.positionsOf(serialKey(serialNumber));
    if (token < 0 || others.length > 0 || tokens.holderAt(token) !== person) return undefined;
    const course = tokens.statusAt(token) === 'activated' ? activated : assigned;
    return course === undefined ? undefined : { token, person, course };
  };
}
