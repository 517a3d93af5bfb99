// Turns what zod found into sentences for people: one for each thing that is wrong, with the key it is about.
// No sentence repeats a value: it may be a secret in the wrong place.

import type { z } from 'zod';
import { assertNever } from '../errors.js';
import { closest } from './did-you-mean.js';
import { knownKeys } from './json-schema.js';
import type { KeyPath } from './yaml-source.js';

export interface Complaint {
  readonly path: KeyPath;
  /** The name of the key is wrong, not its value. */
  readonly aboutKey: boolean;
  readonly message: string;
}

type Issue = z.core.$ZodIssue;

/** The complaints about a value that the schema refused, in the order of the schema. */
export function complaintsOf(error: z.ZodError, value: unknown): readonly Complaint[] {
  return error.issues.flatMap((issue) => complain(issue, [], value));
}

function complain(issue: Issue, above: KeyPath, root: unknown): readonly Complaint[] {
  const path: KeyPath = [...above, ...issue.path.filter((key) => typeof key !== 'symbol')];
  const value = valueAt(root, path);
  const one = (message: string): readonly Complaint[] => [{ path, aboutKey: false, message }];
  if (value === undefined && issue.code !== 'custom') return one('is required');

  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: [...path, key],
        aboutKey: true,
        message: `is not a key that is known here${suggestion(key, knownKeys(path))}`,
      }));
    case 'invalid_union':
      return complainOfUnion(issue, path, root);
    case 'invalid_value':
      return one(ownMessage(issue) ?? oneOf(issue.values.map(String), value));
    case 'invalid_type':
      return one(
        issue.message.startsWith('must ') ? issue.message : `must be ${article(issue.expected, value)}`,
      );
    case 'too_small':
      return one(
        `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${measure(issue.origin, issue.minimum)}`,
      );
    case 'too_big':
      return one(
        `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${measure(issue.origin, issue.maximum)}`,
      );
    case 'custom':
    case 'invalid_format':
      return one(issue.message);
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return one(`cannot be used: ${issue.code.replaceAll('_', ' ')}`);
    default:
      return assertNever(issue);
  }
}

/** The alternative that was meant is the one that takes the kind of value that is there. */
function complainOfUnion(
  issue: Extract<Issue, { code: 'invalid_union' }>,
  path: KeyPath,
  root: unknown,
): readonly Complaint[] {
  const message = ownMessage(issue);
  if (message !== undefined) return [{ path, aboutKey: false, message }];
  if (issue.discriminator !== undefined) {
    const kinds = 'options' in issue ? (issue.options ?? []).map(String) : [];
    return [{ path, aboutKey: false, message: oneOf(kinds, undefined) }];
  }
  const meant = issue.errors.find((issues) =>
    issues.every((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys'),
  );
  const chosen = meant ?? issue.errors[0] ?? [];
  return chosen.flatMap((inner) => complain(inner, path, root));
}

/** The schema's own sentences begin so; zod's do not. */
function ownMessage(issue: Issue): string | undefined {
  return issue.message.startsWith('must ') ? issue.message : undefined;
}

function oneOf(names: readonly string[], value: unknown): string {
  if (names.length === 1) return `must be ${names.join()}`;
  return `must be one of ${names.join(', ')}${typeof value === 'string' ? suggestion(value, names) : ''}`;
}

function suggestion(word: string, known: readonly string[]): string {
  const name = closest(word, known);
  return name === undefined ? '' : `; did you mean ${name}?`;
}

function measure(origin: string, amount: number | bigint): string {
  if (origin === 'array') return amount === 1 ? 'one entry long' : `${amount} entries long`;
  if (origin === 'string') return amount === 1 ? 'one character long' : `${amount} characters long`;
  return String(amount);
}

function article(expected: string, value: unknown): string {
  switch (expected) {
    case 'object':
      return 'a group of keys';
    case 'array':
      return "a list (lines that start with '- ')";
    case 'string':
      return typeof value === 'object' ? 'text' : 'text; put it into quotes';
    case 'int':
      return 'a whole number';
    case 'boolean':
      return 'true or false';
    default:
      return `a ${expected}`;
  }
}

function valueAt(root: unknown, path: KeyPath): unknown {
  let value: unknown = root;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return value;
}
