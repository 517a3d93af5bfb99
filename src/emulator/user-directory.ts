// The users of the tenant. They do not change while the emulator runs, so readers never see them late.

import { invariant } from '../errors.js';
import type { SeedUser } from './tenant.js';

export class UserDirectory {
  readonly all: readonly SeedUser[];
  readonly #byKey = new Map<string, SeedUser>();

  constructor(users: readonly SeedUser[]) {
    this.all = users;
    for (const user of users) {
      for (const key of [user.id.toLowerCase(), user.userPrincipalName.toLowerCase()]) {
        const other = this.#byKey.get(key);
        invariant(other === undefined || other === user, `the tenant's seed has the user ${key} twice`);
        this.#byKey.set(key, user);
      }
    }
  }

  /** By object id or user principal name, in any case (graph-api.md, section 3.2). */
  find(key: string): SeedUser | undefined {
    return this.#byKey.get(key.toLowerCase());
  }

  /** By object id only: `assignTo` takes nothing else (graph-api.md, section 3.1.2). */
  withId(id: string): SeedUser | undefined {
    const user = this.find(id);
    return user?.id.toLowerCase() === id.toLowerCase() ? user : undefined;
  }

  nameOf(id: string): string | null {
    return this.find(id)?.displayName ?? null;
  }
}
