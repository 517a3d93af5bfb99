// A column of secret keys: bytes in one block, which nothing prints, and which nobody sees but as a Secret.

import { Secret } from '../secret.js';
import { BASE32 } from './alphabet.js';
import { TextColumn } from './text-column.js';

export class SecretColumn {
  readonly #keys = new TextColumn(BASE32);

  push(secret: Secret): void {
    this.#keys.push(secret.reveal());
  }

  /** Leaves a position empty. */
  skip(): void {
    this.#keys.push('');
  }

  /** The key at a position, as a Secret of its own. */
  at(position: number): Secret {
    return new Secret(() => this.#keys.at(position));
  }
}
