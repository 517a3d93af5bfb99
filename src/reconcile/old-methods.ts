// Users of a migration who have not registered a hardware token as yet, by the tenant's report of registered methods:
// they still sign in by the old way, or by none. Pure.

import type { Observed } from '../tenant/observed.js';
import type { FindingInput } from './finding-input.js';
import { placed } from './finding-input.js';
import type { Finding } from './verdict.js';

/** How the report names a hardware OATH token: https://learn.microsoft.com/graph/api/resources/userregistrationdetails */
const HARDWARE_TOKEN = 'hardwareOneTimePasscode';

/** The users whom the rows name, by object id. */
export function usersInScope(users: Observed['users']): ReadonlySet<string> {
  return new Set([...users.values()].flatMap((user) => (user === undefined ? [] : [user.id])));
}

/** One finding for each user whom the report shows without a hardware token, at the first of his rows. */
export function oldMethods(
  input: Pick<FindingInput, 'rows' | 'devices' | 'users'>,
  registered: ReadonlyMap<string, readonly string[]>,
): readonly Finding[] {
  const told = new Set<string>();
  const findings: Finding[] = [];
  for (const { row, userId, device } of placed(input)) {
    const methods = registered.get(userId);
    if (methods === undefined || methods.includes(HARDWARE_TOKEN) || told.has(userId)) continue;
    told.add(userId);
    const others = methods.length === 0 ? 'nothing' : methods.toSorted().join(', ');
    findings.push({
      kind: 'old-method',
      serialNumber: row.serialNumber,
      deviceId: device?.id ?? '',
      userId,
      file: row.address.file,
      line: row.address.line,
      detail: `${row.user ?? userId} has no hardware token registered; registered is: ${others}.`,
      next: 'Leave the old system in place for this user until the token is activated; remind the user.',
    });
  }
  return findings;
}
