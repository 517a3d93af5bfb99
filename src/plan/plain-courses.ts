// The courses of rows with which there is nothing special: a member gets one token that is there, or is in the
// manifest, or holds it already. They are found by numbers alone, without making a row, a token or a user of them; the
// long way through decide.ts and ways.ts would come to the same. Pure.

import { serialKey } from '../lookup-key.js';
import type { DesiredRows } from '../manifest/row.js';
import type { Observed, TokenPlaces } from '../tenant/observed.js';
import type { Course, PlainRow } from './planned-rows.js';
import type { PlanRules } from './rules.js';

/** `undefined` for a row that has to be looked at. */
export type PlainRowAt = (n: number) => PlainRow | undefined;

const NOWHERE: PlainRowAt = () => undefined;

/** Finds them, where rows and lists are tables. */
export function plainRows(
  { parts }: DesiredRows,
  { devices, users }: Observed,
  rules: PlanRules,
): PlainRowAt {
  const { places: tokens, ids, people } = devices;
  const { places: members } = users;
  if (parts === undefined || tokens === undefined || members === undefined) return NOWHERE;
  if (ids === undefined || members.people !== people || rules.removesLegacy === true) return NOWHERE;
  const courseOf = rules.activation === 'computed' ? activatedCourses(tokens) : assignedCourses(tokens);

  return (n) => {
    const person = parts.isPlain(n) ? members.memberAt(parts.nameIn(members.names, n)) : -1;
    const serialNumber = person < 0 ? undefined : parts.serialNumberAt(n);
    if (serialNumber === undefined) return undefined;
    const [token = -1, ...others] = tokens.positionsOf(serialKey(serialNumber));
    if (others.length > 0 || (token < 0 && isUnknown(parts.makeAt(n)))) return undefined;
    const course = courseOf(token, person);
    return course === undefined ? undefined : { token, person, course };
  };
}

/** Whether nothing is known by which the token could be created. */
function isUnknown(make: unknown): boolean {
  return make === undefined || make === 'none';
}

type CourseOf = (token: number, person: number) => Course | undefined;

/** Where holders activate their tokens. */
function assignedCourses(tokens: TokenPlaces): CourseOf {
  const expect = 'assigned';
  const activated: Course = { expect, actions: [], already: 'activated' };
  const assigned: Course = { expect, actions: [], already: 'assigned' };
  const toAssign: Course = { expect, actions: ['assign'] };
  const toCreate: Course = { expect, actions: ['create', 'assign'] };
  return (token, person) => {
    if (token < 0) return toCreate;
    const holder = tokens.holderAt(token);
    if (holder < 0) return toAssign;
    // What another user holds is a conflict, or is taken away.
    if (holder !== person) return undefined;
    return tokens.statusAt(token) === 'activated' ? activated : assigned;
  };
}

/** Where this program activates them: of which a code is to be sent, a row is looked at. */
function activatedCourses(tokens: TokenPlaces): CourseOf {
  const activated: Course = { expect: 'activated', actions: [], already: 'activated' };
  return (token, person) => {
    const isSo = token >= 0 && tokens.holderAt(token) === person && tokens.statusAt(token) === 'activated';
    return isSo ? activated : undefined;
  };
}
