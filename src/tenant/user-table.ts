// The users whom a job names, in columns: a million of them take about 100 MB. A user becomes an object when
// somebody looks.

import { IdColumn } from '../compact/id-column.js';
import { NumberColumn } from '../compact/number-column.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import { userKey } from '../lookup-key.js';
import type { User, Users } from './observed.js';

/** What is known of an account besides its texts, as bits. */
const ENABLED = 1;
const DISABLED = 2;
const GUEST = 4;
const NAMED_BY_KEY = 8;

/** Asked for, and not found as yet. */
const NOT_FOUND = 0;

export class UserTable implements Users {
  readonly #keys = new TextIndex();
  /** The name as it stands in the file, to ask for, of those that are not written as their key is. */
  readonly #names = new Map<number, string>();
  /** For each key 1 + the position of its user. */
  readonly #found = new NumberColumn();
  readonly #ids = new IdColumn();
  /** Those that are not as their key is, as most are; else empty. */
  readonly #principalNames = new TextColumn();
  readonly #displayNames = new TextColumn();
  readonly #flags = new NumberColumn();
  #foundCount = 0;

  /** A table of users to look for; a name that is spelt in two ways is one user. */
  constructor(names: Iterable<string>) {
    for (const name of names) {
      const before = this.#keys.length;
      const key = userKey(name);
      if (this.#keys.add(key) !== before) continue;
      const asked = name.trim();
      if (asked !== key) this.#names.set(before, asked);
      this.#found.push(NOT_FOUND);
    }
  }

  get size(): number {
    return this.#keys.length;
  }

  get isComplete(): boolean {
    return this.#foundCount === this.#keys.length;
  }

  /** Keys and names of those who were not found as yet. */
  *missing(): Generator<readonly [key: string, name: string], void> {
    for (let key = 0; key < this.#keys.length; key += 1) {
      if (this.#found.at(key) === NOT_FOUND) {
        const text = this.#keys.at(key);
        yield [text, this.#names.get(key) ?? text];
      }
    }
  }

  /** Records the user behind a key; nothing happens when nobody asked for it. */
  found(key: string, user: User): void {
    const position = this.#keys.find(key);
    if (position < 0 || this.#found.at(position) !== NOT_FOUND) return;
    const place = this.#ids.push(user.id);
    this.#found.set(position, place + 1);
    const isKey = user.userPrincipalName === key;
    this.#principalNames.push(isKey ? '' : user.userPrincipalName);
    this.#displayNames.push(user.displayName);
    const state = user.accountEnabled === undefined ? 0 : user.accountEnabled ? ENABLED : DISABLED;
    this.#flags.push(state | (user.isGuest ? GUEST : 0) | (isKey ? NAMED_BY_KEY : 0));
    this.#foundCount += 1;
  }

  has(key: string): boolean {
    return this.#keys.find(key) >= 0;
  }

  get(key: string): User | undefined {
    const position = this.#keys.find(key);
    return position < 0 ? undefined : this.#user(position, key);
  }

  readonly idOf = (key: string): string => {
    const position = this.#keys.find(key);
    const found = position < 0 ? NOT_FOUND : this.#found.at(position);
    return found === NOT_FOUND ? '' : this.#ids.at(found - 1);
  };

  forEach(
    use: (value: User | undefined, key: string, map: ReadonlyMap<string, User | undefined>) => void,
  ): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }

  *keys(): MapIterator<string> {
    for (let key = 0; key < this.#keys.length; key += 1) yield this.#keys.at(key);
  }

  *values(): MapIterator<User | undefined> {
    for (let key = 0; key < this.#keys.length; key += 1) yield this.#user(key);
  }

  *entries(): MapIterator<[string, User | undefined]> {
    for (let position = 0; position < this.#keys.length; position += 1) {
      const key = this.#keys.at(position);
      yield [key, this.#user(position, key)];
    }
  }

  [Symbol.iterator](): MapIterator<[string, User | undefined]> {
    return this.entries();
  }

  /** @param key - the text of the key, where somebody has it. */
  #user(position: number, key = this.#keys.at(position)): User | undefined {
    const found = this.#found.at(position);
    if (found === NOT_FOUND) return undefined;
    const place = found - 1;
    const flags = this.#flags.at(place);
    return {
      id: this.#ids.at(place),
      userPrincipalName: (flags & NAMED_BY_KEY) === 0 ? this.#principalNames.at(place) : key,
      displayName: this.#displayNames.at(place),
      accountEnabled: (flags & (ENABLED | DISABLED)) === 0 ? undefined : (flags & ENABLED) !== 0,
      isGuest: (flags & GUEST) !== 0,
    };
  }
}
