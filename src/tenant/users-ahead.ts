// The list of all users, read before it is known who is to be found in it, because the files are still being read. What it
// shows is kept in columns, some forty bytes for each user, until somebody says whom to look for.

import type { IdIndex } from '../compact/id-index.js';
import { NumberColumn } from '../compact/number-column.js';
import { TextColumn } from '../compact/text-column.js';
import type { GraphClient } from '../graph/client.js';
import { userListPath } from '../graph/endpoints.js';
import { ListedPage } from '../graph/listed-page.js';
import { type ListItems, scanPages } from '../graph/paging.js';
import { plainUser, USER_FIELDS } from './listed-users.js';
import type { User } from './observed.js';
import { decodeUser } from './user-shape.js';
import type { UserTable } from './user-table.js';

/** What is known of an account, as bits. */
const ENABLED = 1;
const GUEST = 2;

export class UsersAhead {
  readonly #people: IdIndex;
  readonly #list: AsyncGenerator<ListItems, void>;
  readonly #pagesMax: number;
  readonly #keeping: Promise<void>;
  #isCalled = false;
  #pages = 0;
  /** 1 + where the id of each stands among all people, or 0; the name, and the account. */
  #persons = new NumberColumn();
  #names = new TextColumn();
  #flags = new NumberColumn();
  /** Those who are described in another form, by where they stand. */
  readonly #others = new Map<number, User>();

  /**
   * Begins to read the list.
   *
   * @param people - ids of users, to which those of the list are added.
   * @param pagesMax - so many pages are read before it is known whom to look for.
   */
  constructor(client: GraphClient, people: IdIndex, pagesMax: number) {
    this.#people = people;
    this.#pagesMax = pagesMax;
    this.#list = scanPages(client, { path: userListPath() }, USER_FIELDS);
    this.#keeping = this.#keep();
    // It is waited for below, if anybody asks.
    this.#keeping.catch(() => undefined);
  }

  /** Tells of those who were kept, and keeps them no longer. @returns how many pages they were on, and the rest of the list. */
  async tell(users: UserTable): Promise<{ readonly pages: number; readonly rest: AsyncIterable<ListItems> }> {
    this.#isCalled = true;
    await this.#keeping;
    for (let n = 0; n < this.#persons.length; n += 1) {
      const other = this.#others.get(n);
      if (other !== undefined) users.foundInList(other);
      else {
        users.foundAt(this.#names.at(n), this.#persons.at(n) - 1, {
          accountEnabled: (this.#flags.at(n) & ENABLED) !== 0,
          isGuest: (this.#flags.at(n) & GUEST) !== 0,
        });
      }
    }
    this.#persons = new NumberColumn();
    this.#names = new TextColumn();
    this.#flags = new NumberColumn();
    return { pages: this.#pages, rest: this.#list };
  }

  async #keep(): Promise<void> {
    while (!this.#isCalled && this.#pages < this.#pagesMax) {
      const next = await this.#list.next();
      if (next.done === true) return;
      this.#pages += 1;
      const page = next.value;
      if (page instanceof ListedPage) this.#addListed(page);
      else for (const item of page) this.#addItem(item);
    }
  }

  #addListed(page: ListedPage): void {
    for (let n = 0; n < page.length; n += 1) {
      const user = plainUser(page, n);
      const person = user === undefined ? -1 : this.#people.addUuidAt(user.bytes, user.idStart);
      if (user === undefined || person < 0) {
        this.#addItem(page.item(n));
        continue;
      }
      this.#persons.push(person + 1);
      this.#names.pushAscii(user.bytes, user.nameStart, user.nameEnd);
      this.#flags.push((user.accountEnabled ? ENABLED : 0) | (user.isGuest ? GUEST : 0));
    }
  }

  #addItem(item: unknown): void {
    const user = decodeUser(item);
    if (user === undefined) return;
    this.#others.set(this.#persons.length, user);
    this.#persons.push(0);
    this.#names.push('');
    this.#flags.push(0);
  }
}
