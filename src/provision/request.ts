// The request that carries out a step: where it goes and what it says. Bodies are made when the request leaves,
// so that a one-time code is fresh and a secret stays in the clear for no longer than it must. Nothing is sent here.

import { assertNever, invariant } from '../errors.js';
import type { GraphWrite } from '../graph/client.js';
import {
  activatePath,
  assignBody,
  type CreateDevice,
  devicePath,
  INVENTORY_PATH,
  userMethodPath,
  userMethodsPath,
} from '../graph/endpoints.js';
import type { TokenDetails } from '../manifest/row.js';
import type { ActionKind, ActionTarget } from '../plan/action.js';
import type { Secret } from '../secret.js';
import { codeAt } from './activation-code.js';

/** What a request needs to know of its row. */
export interface RowFacts {
  readonly n: number;
  readonly serialNumber: string;
  readonly userId: string;
  /** Present when the manifest has the token's details; needed to create it and to compute its codes. */
  readonly token?: TokenDetails;
  /** The code that the holder read out, when the token is to be activated with it. */
  readonly code?: Secret;
  /** The token that one with the same serial number takes the place of, when the row does that. */
  readonly replacedId?: string;
}

/** The method, the address and the body of a step's request. */
export function requestOf(
  row: RowFacts,
  kind: ActionKind,
  { deviceId, userId }: ActionTarget,
  wallMs: () => number,
): Pick<GraphWrite, 'method' | 'path' | 'body'> {
  switch (kind) {
    case 'create':
      return { method: 'POST', path: INVENTORY_PATH, body: () => createBody(row) };
    case 'assign':
      return { method: 'POST', path: userMethodsPath(userId), body: () => assignBody(deviceId) };
    case 'activate':
      return {
        method: 'POST',
        path: activatePath(userId, deviceId),
        body: () => ({ verificationCode: row.code?.reveal() ?? codeAt(detailsOf(row), wallMs()) }),
      };
    case 'unassign':
      return { method: 'DELETE', path: userMethodPath(userId, deviceId), body: () => undefined };
    case 'delete':
      return { method: 'DELETE', path: devicePath(deviceId), body: () => undefined };
    default:
      return assertNever(kind);
  }
}

/** What the manifest says of the row's token. */
export function detailsOf({ n, token }: RowFacts): TokenDetails {
  invariant(token !== undefined, `row ${n} needs the token's details, and has none`);
  return token;
}

/** A token as the service is told of it. */
export function createBody(row: RowFacts): CreateDevice {
  const { manufacturer, model, secretKey, timeIntervalInSeconds, hashFunction } = detailsOf(row);
  return {
    serialNumber: row.serialNumber,
    manufacturer,
    model,
    secretKey: secretKey.reveal(),
    timeIntervalInSeconds,
    hashFunction,
  };
}
