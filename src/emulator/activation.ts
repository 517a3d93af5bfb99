// What a one-time code does to a token that a user holds: graph-api.md, sections 2.3 and 2.4.

import { z } from 'zod';
import { type Answer, type Call, NO_CONTENT } from './call.js';
import { type Device, holderOf } from './device.js';
import { badRequest } from './graph-error.js';
import { isCodeOf, isSixDigits } from './totp.js';

export const codeSchema = z.looseObject({
  verificationCode: z.string(),
  displayName: z.string().nullish(),
});

/**
 * Activates a token that is, or is about to be, in the hands of a user. Nothing is stored for a wrong code
 * that would have assigned the token as well.
 *
 * Not documented (graph-api.md, sections 2.3 and 8.3): the answer to a wrong code, when the status becomes
 * failedActivation, and whether a code may be used twice. Here it may, and a failed token can still be
 * activated.
 */
export function activate(
  call: Call,
  device: Device,
  { verificationCode, displayName }: z.output<typeof codeSchema>,
): Answer {
  const { custody } = device;
  if (custody.kind !== 'held') return badRequest('The token is not assigned.');
  if (!isSixDigits(verificationCode)) return badRequest('The verification code does not have six digits.');
  if (custody.status === 'activated' && call.settings.alreadyActivated === 'refuse') {
    return badRequest('The token is already activated.');
  }
  if (!isCodeOf(device, verificationCode, call.wallMs, call.settings.activationTolerance)) {
    noteWrongCode(call, device);
    return badRequest('The verification code is not valid for this token.');
  }
  const name = displayName ?? device.displayName;
  const isAsBefore = custody.status === 'activated' && name === device.displayName;
  if (!isAsBefore) {
    call.store.replace({
      ...device,
      displayName: name,
      custody: { ...custody, status: 'activated', wrongCodes: 0 },
    });
  }
  return NO_CONTENT;
}

function noteWrongCode(call: Call, device: Device): void {
  const { custody } = device;
  const stored = call.store.device(device.id);
  const isStored = stored !== undefined && holderOf(stored) === holderOf(device);
  if (custody.kind !== 'held' || custody.status === 'activated' || !isStored) return;
  const wrongCodes = custody.wrongCodes + 1;
  const status = wrongCodes < call.settings.failedActivationAfter ? custody.status : 'failedActivation';
  call.store.replace({ ...device, custody: { ...custody, wrongCodes, status } });
}
