// The files that a pattern such as `inbox/*.csv` names, with the hash of what is in each. Only the last part of a
// path is a pattern: which folder is meant must not depend on what lies beside it.

import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FileRefusal } from './file-refusal.js';
import { openBytes, whyUnreadable } from './read-bytes.js';

/** Whether a path names files by a pattern: `*` is any text, `?` any one character. */
export function isPattern(path: string): boolean {
  return /[*?]/.test(basename(path));
}

export interface FoundFile {
  readonly name: string;
  readonly absolutePath: string;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly sha256: string;
}

/**
 * The files of a folder that fit a pattern, in the order of their names. Hidden files are passed over.
 *
 * @param pattern - absolute.
 * @throws {FileRefusal} `input-unreadable` when the folder or a file cannot be read.
 */
export async function filesLike(pattern: string): Promise<readonly FoundFile[]> {
  const folder = dirname(pattern);
  const fits = toExpression(basename(pattern));
  const names = (await namesIn(folder)).filter((name) => !name.startsWith('.') && fits.test(name));
  const found: FoundFile[] = [];
  // By code units and not by the language of the computer: the order of the rows must be the same everywhere.
  for (const name of names.toSorted((one, other) => (one < other ? -1 : 1))) {
    const absolutePath = join(folder, name);
    found.push({ name, absolutePath, sha256: await hashOf(absolutePath) });
  }
  return found;
}

function toExpression(pattern: string): RegExp {
  const text = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${text}$`, 'u');
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const code = String(error.code);
    const message = code === 'ENOENT' ? `there is no folder ${folder}` : whyUnreadable(code);
    throw new FileRefusal('input-unreadable', [{ message }]);
  }
}

async function hashOf(path: string): Promise<string> {
  const bytes = openBytes(path);
  // Read to its end, because the hash is of what was read.
  for await (const _piece of bytes.pieces);
  return bytes.sha256();
}
