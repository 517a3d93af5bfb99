// A disk in memory for what the pipeline writes below one folder, so that a hundred thousand reports cost no system
// call and no thread: the functions of node:fs/promises answer for that folder from here, and go to the system for
// every other path.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, sep } from 'node:path';

/** A folder that no system has. */
export const MEMORY_ROOT = `${sep}oathbatch-simulation`;

const real = { ...fs.promises };

function failed(code: string, syscall: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${syscall} '${path}'`), { code, syscall, path });
}

class MemoryFile {
  readonly #disk: MemoryDisk;
  readonly #path: string;

  constructor(disk: MemoryDisk, path: string) {
    this.#disk = disk;
    this.#path = path;
  }

  write(chunks: Iterable<Uint8Array>): void {
    this.#disk.write(this.#path, Buffer.concat([...chunks]));
  }

  async sync(): Promise<void> {
    // Memory forgets everything together, or nothing.
  }

  async close(): Promise<void> {
    // Nothing is held.
  }
}

/** The files of one seed. */
export class MemoryDisk {
  readonly #files = new Map<string, Buffer>();
  readonly #folders = new Set<string>([MEMORY_ROOT]);

  write(path: string, bytes: Buffer): void {
    if (!this.#folders.has(dirname(path))) throw failed('ENOENT', 'open', path);
    this.#files.set(path, bytes);
  }

  /** The text of a file; empty when there is none. */
  text(path: string): string {
    return this.#files.get(path)?.toString('utf8') ?? '';
  }

  /** The functions of node:fs/promises that the pipeline writes and reads its reports with. */
  readonly functions = {
    mkdir: async (path: string): Promise<void> => {
      for (let folder = path; !this.#folders.has(folder); folder = dirname(folder)) this.#folders.add(folder);
    },
    open: async (path: string, mode: string): Promise<MemoryFile> => {
      if (mode === 'r' && !this.#folders.has(path)) throw failed('ENOENT', 'open', path);
      return new MemoryFile(this, path);
    },
    readFile: async (path: string): Promise<Buffer> => {
      const bytes = this.#files.get(path);
      if (bytes === undefined) throw failed('ENOENT', 'open', path);
      return bytes;
    },
    rename: async (from: string, to: string): Promise<void> => {
      const bytes = this.#files.get(from);
      if (bytes === undefined) throw failed('ENOENT', 'rename', from);
      this.#files.delete(from);
      this.#files.set(to, bytes);
    },
    rm: async (path: string): Promise<void> => {
      this.#files.delete(path);
    },
  };
}

let mounted = new MemoryDisk();

/** How many want it in front of the system's. */
let users = 0;

/** From here on that folder is this disk, once it is in the place of the system's. */
export function mount(disk: MemoryDisk): void {
  mounted = disk;
}

/** Puts the disk that is mounted in front of the system's, until the answer is called. */
export function replaceDisk(): () => void {
  const names = ['mkdir', 'open', 'readFile', 'rename', 'rm'] as const;
  const replaced = names.map((name) => {
    const theirs = real[name];
    const choose = (...args: readonly unknown[]): unknown => {
      const isOurs = typeof args[0] === 'string' && args[0].startsWith(MEMORY_ROOT);
      return Reflect.apply(isOurs ? mounted.functions[name] : theirs, undefined, args);
    };
    return [name, choose] as const;
  });
  const writeFile = async (to: unknown, chunks: unknown, ...more: readonly unknown[]): Promise<unknown> => {
    if (!(to instanceof MemoryFile)) return Reflect.apply(real.writeFile, undefined, [to, chunks, ...more]);
    to.write(bytesOf(chunks));
    return undefined;
  };
  users += 1;
  Object.assign(fs.promises, { ...Object.fromEntries(replaced), writeFile });
  syncBuiltinESMExports();
  return () => {
    users -= 1;
    if (users > 0) return;
    Object.assign(fs.promises, real);
    syncBuiltinESMExports();
  };
}

function* bytesOf(chunks: unknown): Generator<Uint8Array> {
  if (!isIterable(chunks)) throw new TypeError('only reports that are made in chunks are written');
  for (const chunk of chunks) if (chunk instanceof Uint8Array) yield chunk;
}

function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}
