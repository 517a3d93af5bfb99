// A column of secret keys: bytes in one block, which nothing prints, and which nobody sees but as a Secret.

import { invariant } from '../errors.js';
import { Secret } from '../secret.js';
import { BASE32 } from './alphabet.js';
import { TextColumn } from './text-column.js';

export class SecretColumn {
  /** None once they are forgotten. */
  #keys: TextColumn | undefined = new TextColumn(BASE32);

  /** A column whose keys are forgotten. */
  static forgotten(): SecretColumn {
    const column = new SecretColumn();
    column.forget();
    return column;
  }

  push(secret: Secret): void {
    this.#known().push(secret.reveal());
  }

  /** Leaves a position empty. */
  skip(): void {
    this.#known().push('');
  }

  /** The key at a position, as a Secret of its own. */
  at(position: number): Secret {
    return new Secret(() => this.#known().at(position));
  }

  /** Overwrites all keys, and gives their memory up. The Secrets are still there, and reveal nothing. */
  forget(): void {
    this.#keys?.erase();
    this.#keys = undefined;
  }

  #known(): TextColumn {
    invariant(this.#keys !== undefined, 'a key is asked for that was forgotten');
    return this.#keys;
  }
}
