// Which operation a method and a path mean. One table: every operation of graph-api.md, section 3, with the
// permission that it needs. `$batch` is not here, because it is not an operation but an envelope of some.

import { createMany } from './bulk.js';
import type { Answer, Call } from './call.js';
import { badRequest, type GraphFault, graphFault } from './graph-error.js';
import { createOne, deleteDevice, getDevice, listDevices, updateDevice } from './inventory.js';
import {
  activateMethod,
  assignAndActivate,
  assignAndActivateBySerialNumber,
  assignByReference,
  assignMethod,
  deactivateMethod,
  getMethod,
  listMethods,
  unassignMethod,
} from './methods.js';
import { getPolicy, resetPolicy, updatePolicy } from './policy.js';
import type { Permission } from './settings.js';
import { getUser, listRegistrationDetails, listUsers } from './users.js';

interface Operation {
  readonly needs: Permission;
  readonly run: (call: Call) => Answer;
}

interface Route {
  /** In lower case; a part in braces is left open. */
  readonly template: readonly string[];
  readonly operations: ReadonlyMap<string, Operation>;
}

export interface Match {
  readonly operation: Operation;
  readonly params: ReadonlyMap<string, string>;
  /** Whether it was addressed through `/me`. */
  readonly isMe: boolean;
}

function route(
  path: string,
  operations: Readonly<Record<string, readonly [Permission, Operation['run']]>>,
): Route {
  const entries = Object.entries(operations).map(
    ([method, [needs, run]]) => [method, { needs, run }] as const,
  );
  return { template: path.toLowerCase().split('/'), operations: new Map(entries) };
}

const DEVICES = 'directory/authenticationMethodDevices/hardwareOathDevices';
const METHODS = 'users/{user}/authentication/hardwareOathMethods';
const POLICY = 'policies/authenticationMethodsPolicy/authenticationMethodConfigurations/hardwareOath';

const ROUTES: readonly Route[] = [
  route(DEVICES, {
    GET: ['inventoryRead', listDevices],
    POST: ['inventoryWrite', createOne],
    PATCH: ['inventoryWrite', createMany],
  }),
  route(`${DEVICES}/{id}`, {
    GET: ['inventoryRead', getDevice],
    PATCH: ['inventoryWrite', updateDevice],
    DELETE: ['inventoryWrite', deleteDevice],
  }),
  route(METHODS, { GET: ['methodsRead', listMethods], POST: ['methodsWrite', assignMethod] }),
  route(`${METHODS}/assignAndActivate`, { POST: ['methodsWrite', assignAndActivate] }),
  route(`${METHODS}/assignAndActivateBySerialNumber`, {
    POST: ['methodsWrite', assignAndActivateBySerialNumber],
  }),
  route(`${METHODS}/{id}`, { GET: ['methodsRead', getMethod], DELETE: ['methodsWrite', unassignMethod] }),
  route(`${METHODS}/{id}/activate`, { POST: ['methodsWrite', activateMethod] }),
  route(`${METHODS}/{id}/deactivate`, { POST: ['methodsWrite', deactivateMethod] }),
  route(`${METHODS}/{id}/device/assignTo/$ref`, { PUT: ['methodsWrite', assignByReference] }),
  route('users', { GET: ['usersRead', listUsers] }),
  route('users/{user}', { GET: ['usersRead', getUser] }),
  route(POLICY, {
    GET: ['policyRead', getPolicy],
    // The policy is written with the permission of the inventory (graph-api.md, section 3.3).
    PATCH: ['inventoryWrite', updatePolicy],
    DELETE: ['inventoryWrite', resetPolicy],
  }),
  route('reports/authenticationMethods/userRegistrationDetails', {
    GET: ['registrationsRead', listRegistrationDetails],
  }),
];

function paramsOf(
  template: readonly string[],
  segments: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (template.length !== segments.length) return undefined;
  const params = new Map<string, string>();
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) params.set(part.slice(1, -1), segment);
    // Segments are case-insensitive in practice (graph-api.md, section 3.2); OData lets actions be qualified.
    else if (segment.toLowerCase().replace(/^microsoft\.graph\./, '') !== part) return undefined;
  }
  return params;
}

function decodeSegments(path: string): readonly string[] | undefined {
  try {
    return path
      .replace(/^\/|\/$/g, '')
      .split('/')
      .map(decodeURIComponent);
  } catch {
    // A percent sign that escapes nothing: the address is malformed, which the caller answers.
    return undefined;
  }
}

/** Finds the operation of a path below the root. `me` is the object id that `/me` stands for. */
export function match(method: string, path: string, me: string | undefined): Match | GraphFault {
  const decoded = decodeSegments(path);
  if (decoded === undefined) return badRequest('The address is malformed.');
  const [first = '', ...rest] = decoded;
  const isMe = first.toLowerCase() === 'me';
  if (isMe && me === undefined) {
    // graph-api.md, section 3.2: `/me` never works with application permissions.
    return graphFault(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
  }
  const segments = isMe ? ['users', me ?? '', ...rest] : decoded;
  for (const { template, operations } of ROUTES) {
    const params = paramsOf(template, segments);
    if (params === undefined) continue;
    const operation = operations.get(method);
    // The wrong verb on a route: graph-api.md, section 8.2.
    return operation === undefined
      ? graphFault(400, 'BadRequest', 'No method match route template')
      : { operation, params, isMe };
  }
  return graphFault(400, 'BadRequest', 'No OData route exists that match template');
}
