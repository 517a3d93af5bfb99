// Makes SQLite's write-ahead log durable beside the work of the program. With synchronous=FULL SQLite would do the
// same flush inside the commit, and everything would stand still for as long as the disk takes (decision 0092).

import { type FileHandle, open } from 'node:fs/promises';

/** Flushes one log, through a handle of its own: a flush is of the file, whoever wrote it. */
export class LogFlush {
  readonly #path: string;
  #handle: FileHandle | undefined;

  /** @param path - of the log; it is there from the first commit until the database is closed. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when every commit that was made before the call is on the disk. */
  async flush(): Promise<void> {
    // Windows flushes only what was opened for writing; nothing is written through it.
    this.#handle ??= await open(this.#path, 'r+');
    await this.#handle.datasync();
  }

  /** To be called before the database is closed, which removes the log. */
  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }
}
