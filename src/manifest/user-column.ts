// A column of the users whom rows name: each as it stands in the file, and each different one kept once for all files.

import type { PlainLines } from '../compact/plain-lines.js';
import { RisingColumn } from '../compact/rising-column.js';
import { TextColumn } from '../compact/text-column.js';
import type { TextIndex } from '../compact/text-index.js';
import { userKey } from '../lookup-key.js';

export class UserColumn {
  readonly #names: TextIndex;
  /** 1 + the position of the user's key; 0 for a row that names nobody. Most lists name one after the other. */
  readonly #positions = new RisingColumn();
  /** How users are written who are not written as their key is; else empty. */
  readonly #spelt = new TextColumn();

  /** @param names - keys of users, to which those of the column are added. */
  constructor(names: TextIndex) {
    this.#names = names;
  }

  /** Adds a user; an empty text for nobody. */
  push(user: string): void {
    const key = user === '' ? '' : userKey(user);
    this.#spelt.push(key === user ? '' : user);
    this.#positions.push(user === '' ? 0 : this.#names.add(key) + 1);
  }

  /** The user as written in the file; empty where there is none. */
  at(n: number): string {
    const spelt = this.#spelt.at(n);
    if (spelt !== '') return spelt;
    const position = this.#positions.at(n);
    return position === 0 ? '' : this.#names.at(position - 1);
  }

  /** Adds the user to a line, as written in the file. @returns whether there is one. */
  write(n: number, to: PlainLines): boolean {
    const position = this.#positions.at(n);
    if (position === 0) return false;
    const spelt = this.#spelt.at(n);
    if (spelt === '') this.#names.write(position - 1, to);
    else to.text(spelt);
    return true;
  }

  /** Where the user's key stands in this index; −1 where there is none, or the keys stand in another. */
  placeIn(names: TextIndex, n: number): number {
    return names === this.#names ? this.#positions.at(n) - 1 : -1;
  }
}
