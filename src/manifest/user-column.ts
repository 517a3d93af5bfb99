// A column of the users whom rows name: each as it stands in the file, and each different one kept once for all files.

import type { PlainLines } from '../compact/plain-lines.js';
import { RisingColumn, type RisingColumnMessage } from '../compact/rising-column.js';
import { TextColumn, type TextColumnMessage } from '../compact/text-column.js';
import type { TextIndex } from '../compact/text-index.js';
import { userKey } from '../lookup-key.js';

/** A column for another thread, without the keys. */
export interface UserColumnMessage {
  readonly positions: RisingColumnMessage;
  readonly spelt: TextColumnMessage;
}

export class UserColumn {
  readonly #names: TextIndex;
  /** 1 + the position of the user's key; 0 for a row that names nobody. Most lists name one after the other. */
  #positions = new RisingColumn();
  /** How users are written who are not written as their key is; else empty. */
  #spelt = new TextColumn();

  /** @param names - keys of users, to which those of the column are added. */
  constructor(names: TextIndex) {
    this.#names = names;
  }

  /** @param names - the keys, which came beside it. */
  static fromMessage({ positions, spelt }: UserColumnMessage, names: TextIndex): UserColumn {
    const column = new UserColumn(names);
    column.#positions = RisingColumn.fromMessage(positions);
    column.#spelt = TextColumn.fromMessage(spelt);
    return column;
  }

  /** For another thread, to which the memory goes: the column is of no use afterwards. */
  toMessage(): UserColumnMessage {
    return { positions: this.#positions.toMessage(), spelt: this.#spelt.toMessage() };
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
