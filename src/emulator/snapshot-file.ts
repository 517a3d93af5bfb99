// Keeps the tenant of a rehearsal in a file of JSON lines, so that the next run meets what this one left
// behind, even when this one is killed: a change is in the file before the request that made it is answered.
// There is never a secret in it.

import {
  appendFileSync,
  closeSync,
  createReadStream,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { assertNever, OperationError } from '../errors.js';
import type { Emulator } from './emulator.js';
import {
  DEFAULT_POLICY,
  type PolicyState,
  type SeedUser,
  type SnapshotDevice,
  type SnapshotEntry,
  snapshotEntrySchema,
  type TenantSnapshot,
} from './tenant.js';

const CHUNK_CHARACTERS = 1 << 20;

function* linesOf({ policy, users, devices }: TenantSnapshot): Iterable<SnapshotEntry> {
  yield { policy };
  for (const user of users) yield { user };
  for (const device of devices) yield { device };
}

/** Writes a whole snapshot: beside the file, and then in its place, so that it is never half there. */
export function saveSnapshot(path: string, snapshot: TenantSnapshot): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.new`;
  const file = openSync(draft, 'w', 0o600);
  try {
    let chunk = '';
    for (const line of linesOf(snapshot)) {
      chunk += `${JSON.stringify(line)}\n`;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      appendFileSync(file, chunk);
      chunk = '';
    }
    appendFileSync(file, chunk);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, path);
}

function unreadable(path: string, line: number): OperationError {
  return new OperationError({
    code: 'input-unreadable',
    what: `${path} is not a snapshot of a rehearsal tenant: line ${line} makes no sense.`,
    data: 'Nothing was sent.',
    next: 'Delete the file to start with a fresh tenant.',
  });
}

function parseLine(text: string): SnapshotEntry | undefined {
  try {
    return snapshotEntrySchema.safeParse(JSON.parse(text)).data;
  } catch {
    // Not JSON: the caller knows whether that is the torn end of a file or a file of something else.
    return undefined;
  }
}

async function* textLines(path: string): AsyncIterable<string> {
  let rest = '';
  const chunks: AsyncIterable<string> = createReadStream(path, { encoding: 'utf8' });
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

/**
 * Reads a snapshot; `undefined` when there is no file. The last line may be torn: the request that wrote it
 * was never answered.
 */
export async function loadSnapshot(path: string): Promise<TenantSnapshot | undefined> {
  if (!existsSync(path)) return undefined;
  let policy: PolicyState = DEFAULT_POLICY;
  const users: SeedUser[] = [];
  const devices = new Map<string, SnapshotDevice>();
  let number = 0;
  let tornAt: number | undefined;
  for await (const text of textLines(path)) {
    number += 1;
    if (tornAt !== undefined) throw unreadable(path, tornAt);
    const entry = parseLine(text);
    if (entry === undefined) tornAt = number;
    else if ('device' in entry) devices.set(entry.device.id, entry.device);
    else if ('removed' in entry) devices.delete(entry.removed);
    else if ('user' in entry) users.push(entry.user);
    else if ('policy' in entry) policy = entry.policy;
    else assertNever(entry);
  }
  if (tornAt === 1) throw unreadable(path, 1);
  return { policy, users, devices: [...devices.values()] };
}

/**
 * Keeps a file up to date with an emulator: the whole tenant at the first change, and a line for each change
 * from then on. It writes at once and does not wait for the disk: that survives the end of the process,
 * however it ends, though not the end of the computer.
 */
export class SnapshotSaver {
  readonly #emulator: Emulator;
  readonly #path: string;
  #file: number | undefined;
  #failure: unknown;

  constructor(emulator: Emulator, path: string) {
    this.#emulator = emulator;
    this.#path = path;
    emulator.onChange((change) => this.#append(change));
  }

  /** Writes the whole tenant again, in place of the lines of its changes. Reports a disk that failed meanwhile. */
  async flush(): Promise<void> {
    this.#closeFile();
    if (this.#failure === undefined) {
      this.#attempt(() => saveSnapshot(this.#path, this.#emulator.snapshot()));
    }
    if (this.#failure === undefined) return;
    throw new OperationError({
      code: 'disk-failed',
      what: `The rehearsal tenant could not be kept in ${this.#path}.`,
      data: 'The run itself is not affected; the next one meets an older tenant.',
      next: 'Make room or give another --state directory.',
      cause: this.#failure,
    });
  }

  #append(change: SnapshotEntry): void {
    if (this.#failure !== undefined) return;
    this.#attempt(() => {
      if (this.#file !== undefined) {
        appendFileSync(this.#file, `${JSON.stringify(change)}\n`);
        return;
      }
      saveSnapshot(this.#path, this.#emulator.snapshot());
      this.#file = openSync(this.#path, 'a', 0o600);
    });
  }

  /** A full disk must not fail the request that is being answered: `flush` reports it. */
  #attempt(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#failure = error;
      this.#closeFile();
    }
  }

  #closeFile(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }
}
