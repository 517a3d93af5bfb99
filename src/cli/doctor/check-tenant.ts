// Judges what was found of the tenant: policy, clock, users, files. Nothing is read here.

import type { z } from 'zod';
import type { policyShape } from '../../graph/endpoints/get-policy.js';
import type { User } from '../../tenant/observed.js';
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

/** graph-api.md, section 2.4: tokens and authenticator apps together. */
const METHODS_MAX = 5;

/** Names that are told one by one. */
const NAMED_MAX = 5;

function named(users: readonly string[]): string {
  const more = users.length - NAMED_MAX;
  return `${users.slice(0, NAMED_MAX).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * Whether the users of the rows can be given a token.
 *
 * @param users - by the name in the files.
 * @param held - how many tokens each holds, by object id.
 */
export function checkUsers(
  users: ReadonlyMap<string, User | undefined>,
  held: ReadonlyMap<string, number>,
): Check {
  const name = 'users';
  const all = [...users];
  const missing = all.flatMap(([key, user]) => (user === undefined ? [key] : []));
  const found = all.flatMap(([key, user]) => (user === undefined ? [] : [{ key, user }]));
  const namesOf = (test: (user: User) => boolean): readonly string[] =>
    found.filter(({ user }) => test(user)).map(({ key }) => key);
  const troubles = [
    { who: missing, what: 'do not exist', mend: 'Correct the names in the files.' },
    {
      who: namesOf(({ accountEnabled }) => accountEnabled === false),
      what: 'are disabled',
      mend: 'Enable them, or take them out of the list.',
    },
    {
      who: namesOf(({ isGuest }) => isGuest),
      what: 'are guests, who cannot be given a token here',
      mend: 'Take them out of the list.',
    },
    {
      who: namesOf(({ id }) => (held.get(id) ?? 0) >= METHODS_MAX),
      what: `hold ${METHODS_MAX} tokens already`,
      mend: 'Take one from each of them first.',
    },
  ].filter(({ who }) => who.length > 0);
  if (troubles.length === 0) return pass(name, `${all.length} users exist and can be given a token`);
  return warn(
    name,
    troubles.map(({ who, what }) => `${who.length} ${what}: ${named(who)}`).join('; '),
    `${troubles.map(({ mend }) => mend).join(' ')} Their rows will not be carried out; the others will.`,
  );
}

export function checkManifest(rows: number, invalid: number, warnings: number): Check {
  const name = 'files';
  if (invalid === 0 && warnings === 0) return pass(name, `${rows} rows, all clean`);
  return warn(
    name,
    `${rows} rows, ${invalid} of them invalid, ${warnings} warnings`,
    'Look at them above; invalid rows are left alone, and reported.',
  );
}
