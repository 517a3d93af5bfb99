// Judges what was found of the tenant: policy, clock, files. Nothing is read here.

import type { z } from 'zod';
import { countThat } from '../../compact/rows.js';
import type { policyShape } from '../../graph/endpoints/get-policy.js';
import type { Desired } from '../../manifest/row.js';
import { type Check, fail, pass, warn } from './check.js';

export type Policy = z.output<typeof policyShape>;

/** Groups are told by number: their names would cost another permission. */
export function checkPolicy(policy: Policy | { readonly unreadable: string }): Check {
  const name = 'policy';
  if ('unreadable' in policy) {
    return warn(
      name,
      `the authentication methods policy could not be read (${policy.unreadable})`,
      'Grant Policy.Read.AuthenticationMethod, or look in the Entra admin center under Authentication methods > Hardware OATH tokens.',
    );
  }
  if (policy.state !== 'enabled') {
    return fail(
      name,
      'hardware OATH tokens are switched off in this tenant',
      'Enable them: Entra admin center > Authentication methods > Policies > Hardware OATH tokens. It takes up to an hour to be felt.',
    );
  }
  const included = policy.includeTargets ?? [];
  const excluded = policy.excludeTargets?.length ?? 0;
  const who = included.some(({ id }) => id === 'all_users') ? 'all users' : `${included.length} groups`;
  const found = `hardware OATH tokens are enabled for ${who}${excluded === 0 ? '' : `, but for ${excluded} groups`}`;
  if (included.length === 0) {
    return warn(name, 'hardware OATH tokens are enabled, and for nobody', 'Add a target to the policy.');
  }
  return pass(name, found);
}

/** Tokens are refused beyond five minutes by default; codes are taken within a day (graph-api.md, section 2.4). */
const CLOCK_WARN_MS = 5 * 60_000;
const CLOCK_FAIL_MS = 12 * 3_600_000;

export function checkClock(offsetMs: number | undefined): Check {
  const name = 'clock';
  if (offsetMs === undefined)
    return warn(name, 'the service told no time', 'Compare this clock with another.');
  const seconds = Math.round(Math.abs(offsetMs) / 1_000);
  if (seconds * 1_000 < CLOCK_WARN_MS) return pass(name, `within ${seconds} s of the service's`);
  const found = `${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the service's`;
  const mend = 'Set the clock of this computer (NTP): signing in and one-time codes depend on it.';
  return Math.abs(offsetMs) < CLOCK_FAIL_MS ? warn(name, found, mend) : fail(name, found, mend);
}

export function checkManifest({ rows, warnings }: Pick<Desired, 'rows' | 'warnings'>): Check {
  const name = 'files';
  const invalid = countThat(rows, (row) => row.invalid !== undefined);
  if (invalid === 0 && warnings.length === 0) return pass(name, `${counted(rows.length, 'row')}, all clean`);
  const found = [
    counted(rows.length, 'row'),
    ...(invalid === 0 ? [] : [`${invalid} of them invalid`]),
    ...(warnings.length === 0 ? [] : [counted(warnings.length, 'warning')]),
  ];
  return warn(name, found.join(', '), 'Look at them above; invalid rows are left alone, and reported.');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
