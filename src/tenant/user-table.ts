// The users whom a job names or whose tokens a list shows, in columns: a million of them take about 60 MB. A user
// becomes an object when somebody looks.

import { IdIndex } from '../compact/id-index.js';
import { NumberColumn } from '../compact/number-column.js';
import { TextColumn } from '../compact/text-column.js';
import { TextIndex } from '../compact/text-index.js';
import { isUuid } from '../compact/uuid.js';
import { userKey } from '../lookup-key.js';
import type { PlainUser } from './listed-users.js';
import type { User, UserPlaces, Users } from './observed.js';

/** What is known of an account besides its texts, as bits. */
const ENABLED = 1;
const DISABLED = 2;
const GUEST = 4;
const NAMED_BY_KEY = 8;

/** Of a key: nobody has asked for it; it was not found as yet; or this and the place of its user. */
const NOT_ASKED = 0;
const NOT_FOUND = 1;
const FOUND = 2;

/** What a table of users may share with others, instead of keeping it twice. */
export interface SharedNames {
  /** Ids of users. */
  readonly people?: IdIndex;
  /** Keys of users, by `userKey`. */
  readonly names?: TextIndex;
}

/** What is said of an account. */
type Account = Pick<PlainUser, 'accountEnabled' | 'isGuest'>;

/** Users in two parts: first those who are asked for by object id, then those by name, each in their order. */
export class UserTable implements Users, UserPlaces {
  /** Ids of users, those that nobody asks for among them. */
  readonly #people: IdIndex;
  readonly #stateOfId = new NumberColumn();
  /** Keys of users, those that nobody asks for among them. */
  readonly #names: TextIndex;
  readonly #stateOfName = new NumberColumn();

  /** Of each user who was found: 1 + where the id is, and the name, where they are not the key; and the account. */
  readonly #persons = new NumberColumn();
  /** 1 + where the name stands among the keys; 0 where it is the key, or is kept as a text. */
  readonly #namePlaces = new NumberColumn();
  readonly #principalNames = new TextColumn();
  readonly #flags = new NumberColumn();
  #size = 0;

  /**
   * A table of users to look for; a name that is spelt in two ways is one user.
   *
   * @param shared - ids and keys of users, to which those that are asked for and found are added.
   */
  constructor(names: Iterable<string>, { people, names: keys }: SharedNames = {}) {
    this.#people = people ?? new IdIndex();
    this.#names = keys ?? new TextIndex();
    for (const name of names) this.#ask(name);
  }

  get size(): number {
    return this.#size;
  }

  get isComplete(): boolean {
    return this.#persons.length === this.#size;
  }

  /** Keys of those who were not found as yet. */
  *missing(): Generator<string, void> {
    for (const [key, state] of this.#asked()) if (state === NOT_FOUND) yield key;
  }

  /** Records the user behind a key; nothing happens when nobody asked for it. */
  found(key: string, user: User): void {
    const isId = isUuid(key);
    // A quick look: most jobs ask for nobody by object id, and a list tells the id of everybody.
    if (isId && this.#stateOfId.length === 0) return;
    const column = isId ? this.#stateOfId : this.#stateOfName;
    const position = isId ? this.#people.find(key) : this.#names.find(key);
    if (position < 0 || column.at(position) !== NOT_FOUND) return;
    column.set(position, FOUND + this.#persons.length);
    this.#persons.push(isId && user.id === key ? 0 : this.#people.add(user.id) + 1);
    const isKey = user.userPrincipalName === key;
    const namePlace = isKey ? 0 : this.#names.find(user.userPrincipalName) + 1;
    this.#namePlaces.push(namePlace);
    this.#principalNames.push(isKey || namePlace > 0 ? '' : user.userPrincipalName);
    const state = user.accountEnabled === undefined ? 0 : user.accountEnabled ? ENABLED : DISABLED;
    this.#flags.push(state | (user.isGuest ? GUEST : 0) | (isKey ? NAMED_BY_KEY : 0));
  }

  /** The same of a user in his bytes; false, and nothing is recorded, when he is for {@link found}. */
  foundPlain(user: PlainUser): boolean {
    // By his id he may be asked for as well.
    if (this.#stateOfId.length > 0) return false;
    const position = this.#names.findAscii(user.bytes, user.nameStart, user.nameEnd);
    if (position < 0 || this.#stateOfName.at(position) !== NOT_FOUND) return true;
    const person = this.#people.addUuidAt(user.bytes, user.idStart);
    if (person < 0) return false;
    this.#foundByKey(position, person, user);
    return true;
  }

  /**
   * The same of a user by a name that is its own key.
   *
   * @param person - where the id stands among all people.
   */
  foundAt(name: string, person: number, account: Account): void {
    // By his id he may be asked for as well.
    if (this.#stateOfId.length > 0) {
      this.foundInList({ id: this.#people.at(person), userPrincipalName: name, ...account });
      return;
    }
    const position = this.#names.find(name);
    if (position >= 0 && this.#stateOfName.at(position) === NOT_FOUND) {
      this.#foundByKey(position, person, account);
    }
  }

  /** Records a user whom a list shows, by name and by id. */
  foundInList(user: User): void {
    this.found(userKey(user.userPrincipalName), user);
    this.found(userKey(user.id), user);
  }

  #foundByKey(position: number, person: number, { accountEnabled, isGuest }: Account): void {
    this.#stateOfName.set(position, FOUND + this.#persons.length);
    this.#persons.push(person + 1);
    this.#namePlaces.push(0);
    this.#principalNames.push('');
    this.#flags.push((accountEnabled ? ENABLED : DISABLED) | (isGuest ? GUEST : 0) | NAMED_BY_KEY);
  }

  /** Notes that everybody was asked for. */
  endLookUp(): void {
    this.#names.settle();
    this.#people.settle();
  }

  has(key: string): boolean {
    return this.#stateOf(key) !== NOT_ASKED;
  }

  get(key: string): User | undefined {
    return this.#user(key, this.#stateOf(key));
  }

  get places(): UserPlaces {
    return this;
  }

  get names(): TextIndex {
    return this.#names;
  }

  get people(): IdIndex {
    return this.#people;
  }

  memberAt(name: number): number {
    const place = this.#stateOfName.at(name) - FOUND;
    return place < 0 || (this.#flags.at(place) & GUEST) !== 0 ? -1 : this.#persons.at(place) - 1;
  }

  peopleFound(): NumberColumn {
    return this.#peopleWho(() => true);
  }

  peopleDisabled(): NumberColumn {
    return this.#peopleWho((place) => (this.#flags.at(place) & DISABLED) !== 0);
  }

  forEach(
    use: (value: User | undefined, key: string, map: ReadonlyMap<string, User | undefined>) => void,
  ): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }

  *keys(): MapIterator<string> {
    for (const [key] of this.#asked()) yield key;
  }

  *values(): MapIterator<User | undefined> {
    for (const [key, state] of this.#asked()) yield this.#user(key, state);
  }

  *entries(): MapIterator<[string, User | undefined]> {
    for (const [key, state] of this.#asked()) yield [key, this.#user(key, state)];
  }

  [Symbol.iterator](): MapIterator<[string, User | undefined]> {
    return this.entries();
  }

  /** 1 for the people who were found and are so. */
  #peopleWho(isSo: (place: number) => boolean): NumberColumn {
    const people = new NumberColumn();
    for (let place = 0; place < this.#flags.length; place += 1) {
      const person = this.#persons.at(place);
      if (person > 0 && isSo(place)) people.put(person - 1, 1);
    }
    for (let person = 0; person < this.#stateOfId.length; person += 1) {
      const place = this.#stateOfId.at(person) - FOUND;
      if (place >= 0 && this.#persons.at(place) === 0 && isSo(place)) people.put(person, 1);
    }
    return people;
  }

  #ask(name: string): void {
    const key = userKey(name);
    if (isUuid(key)) {
      const person = this.#people.add(key);
      if (this.#stateOfId.at(person) !== NOT_ASKED) return;
      this.#stateOfId.put(person, NOT_FOUND);
    } else {
      const position = this.#names.add(key);
      if (this.#stateOfName.at(position) !== NOT_ASKED) return;
      this.#stateOfName.put(position, NOT_FOUND);
    }
    this.#size += 1;
  }

  #stateOf(key: string): number {
    if (isUuid(key)) return this.#stateOfId.at(this.#people.find(key));
    return this.#stateOfName.at(this.#names.find(key));
  }

  /** What was asked for, and what is known of it. */
  *#asked(): Generator<readonly [key: string, state: number], void> {
    for (let person = 0; person < this.#stateOfId.length; person += 1) {
      const state = this.#stateOfId.at(person);
      if (state !== NOT_ASKED) yield [this.#people.at(person), state];
    }
    for (let name = 0; name < this.#stateOfName.length; name += 1) {
      const state = this.#stateOfName.at(name);
      if (state !== NOT_ASKED) yield [this.#names.at(name), state];
    }
  }

  #idAt(place: number, key: string): string {
    const person = this.#persons.at(place);
    return person === 0 ? key : this.#people.at(person - 1);
  }

  #nameAt(place: number): string {
    const namePlace = this.#namePlaces.at(place);
    return namePlace === 0 ? this.#principalNames.at(place) : this.#names.at(namePlace - 1);
  }

  #user(key: string, state: number): User | undefined {
    if (state < FOUND) return undefined;
    const place = state - FOUND;
    const flags = this.#flags.at(place);
    return {
      id: this.#idAt(place, key),
      userPrincipalName: (flags & NAMED_BY_KEY) === 0 ? this.#nameAt(place) : key,
      accountEnabled: (flags & (ENABLED | DISABLED)) === 0 ? undefined : (flags & ENABLED) !== 0,
      isGuest: (flags & GUEST) !== 0,
    };
  }
}
