// `--set key=value`: replaces one key of a job file for one run. The key is a dotted path, as
// `throttle.concurrency` or `manifests.0.path`; the value is read as YAML, as it would be in the file.

import { parseDocument } from 'yaml';
import type { KeyPath } from './yaml-source.js';

export interface Override {
  /** As it is shown: `--set throttle.concurrency`. The value is not shown. */
  readonly shown: string;
  readonly path: KeyPath;
  readonly value: unknown;
}

/**
 * Reads one `--set` argument.
 *
 * @returns the override, or a sentence that says what is wrong with it.
 *
 * @example
 * parseOverride('throttle.concurrency=4'); // { path: ['throttle', 'concurrency'], value: 4, … }
 */
export function parseOverride(argument: string): Override | string {
  const equals = argument.indexOf('=');
  if (equals === -1) return 'expected key=value, such as throttle.concurrency=4';
  const segments = argument.slice(0, equals).trim().split('.');
  if (segments.includes(''))
    return 'expected a key with dots between its parts, such as throttle.concurrency';
  const document = parseDocument(argument.slice(equals + 1));
  if (document.errors.length > 0) return 'the value is not YAML; put it into quotes';
  const path = segments.map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment));
  const value: unknown = document.toJS();
  return { shown: `--set ${segments.join('.')}`, path, value };
}

/** The value with the override in place; the value itself is left as it is. */
export function applyOverride(value: unknown, path: KeyPath, replacement: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return replacement;
  if (typeof key === 'number') {
    const list = Array.isArray(value) ? value.map((item: unknown) => item) : [];
    // An index behind the end adds one entry: a hole could not be read by anybody.
    const index = Math.min(key, list.length);
    list[index] = applyOverride(list[index], rest, replacement);
    return list;
  }
  const fields: Readonly<Record<string, unknown>> = isFields(value) ? value : {};
  const inner = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return { ...fields, [key]: applyOverride(inner, rest, replacement) };
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
