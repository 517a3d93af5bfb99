// Users, read only, and the registration report. Only what is needed to find holders: no other property.

import { type Answer, type Call, param } from './call.js';
import { statusOf } from './device.js';
import { badRequest, isFault, userNotFound } from './graph-error.js';
import { cutPage, type Filter, type ListShape, listBody, parseListOptions, selected } from './query.js';
import type { SeedUser } from './tenant.js';

const SHAPE: ListShape = {
  filterable: ['id', 'userPrincipalName', 'displayName', 'mail', 'accountEnabled', 'userType'],
  selectable: ['id', 'userPrincipalName', 'displayName', 'mail', 'accountEnabled', 'userType'],
};

/** Without $select the service leaves the others out: https://learn.microsoft.com/graph/api/user-get */
const DEFAULT_SELECT = ['id', 'userPrincipalName', 'displayName', 'mail'];

function viewOf(user: SeedUser): Readonly<Record<string, unknown>> {
  return { ...user, mail: user.userPrincipalName };
}

function passes(user: SeedUser, { property, value }: Filter): boolean {
  const actual = viewOf(user)[property];
  return typeof actual === 'string' && typeof value === 'string'
    ? actual.toLowerCase() === value.toLowerCase()
    : actual === value;
}

/** The users that an index can name; `undefined` when the whole list must be looked through. */
function indexed(call: Call, filter: Filter | undefined): readonly SeedUser[] | undefined {
  if (filter === undefined || typeof filter.value !== 'string') return undefined;
  if (filter.property !== 'id' && filter.property !== 'userPrincipalName') return undefined;
  const user = call.store.users.find(filter.value);
  return user !== undefined && passes(user, filter) ? [user] : [];
}

export function listUsers(call: Call): Answer {
  const options = parseListOptions(call, SHAPE);
  if (isFault(options)) return options;
  const { filter, select } = options;
  const users = indexed(call, filter) ?? call.store.users.all;
  const page = cutPage(options, users.length, (position) => {
    const user = users[position];
    return user === undefined || filter === undefined || passes(user, filter) ? user : undefined;
  });
  const items = page.items.map((user) => selected(viewOf(user), select ?? DEFAULT_SELECT));
  return { kind: 'success', status: 200, body: listBody(call, 'users', { items, next: page.next }) };
}

export function getUser(call: Call): Answer {
  const user = call.store.users.find(param(call, 'user'));
  if (user === undefined) return userNotFound();
  const options = parseListOptions(call, SHAPE);
  if (isFault(options)) return options;
  if (options.filter !== undefined) return badRequest('One user cannot be filtered.');
  const context = { '@odata.context': `${call.root}/$metadata#users/$entity` };
  const body = { ...context, ...selected(viewOf(user), options.select ?? DEFAULT_SELECT) };
  return { kind: 'success', status: 200, body };
}

const REPORT_SHAPE: ListShape = { filterable: ['userPrincipalName'], selectable: [] };

/**
 * Who has registered what; a small part of
 * https://learn.microsoft.com/graph/api/resources/userregistrationdetails. Only activated tokens count.
 */
export function listRegistrationDetails(call: Call): Answer {
  const options = parseListOptions(call, REPORT_SHAPE);
  if (isFault(options)) return options;
  const users = indexed(call, options.filter) ?? call.store.users.all;
  const page = cutPage(options, users.length, (position) => users[position]);
  const items = page.items.map((user) => {
    const devices = call.store.seenHeldBy(user.id);
    const isRegistered = devices.some((device) => statusOf(device) === 'activated');
    return {
      id: user.id,
      userPrincipalName: user.userPrincipalName,
      userDisplayName: user.displayName,
      userType: user.userType.toLowerCase(),
      isMfaRegistered: isRegistered,
      isMfaCapable: isRegistered,
      methodsRegistered: [...(user.otherMethods ?? []), ...(isRegistered ? ['hardwareOneTimePasscode'] : [])],
      lastUpdatedDateTime: new Date(call.wallMs).toISOString(),
    };
  });
  const context = 'reports/authenticationMethods/userRegistrationDetails';
  return { kind: 'success', status: 200, body: listBody(call, context, { items, next: page.next }) };
}
