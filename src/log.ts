// The log: JSON lines, written synchronously, so that the last line before a crash is not lost.
// Secrets cannot get in: the Secret type prints a placeholder, and keys that name a secret are dropped at
// any depth, because pino's own redaction paths have a fixed depth and heed letter case.

import { pino, stdTimeFunctions } from 'pino';
import { SECRET_PLACEHOLDER, Secret } from './secret.js';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** What the stages need of a log. */
export interface Log {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Whether anybody reads such lines: where they are many, the fields are not worth making for nobody. */
  isLevelEnabled(level: 'debug'): boolean;
}

/** A log that keeps nothing. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  isLevelEnabled: () => false,
};

/** Key names whose values never reach a log, compared without case, `_` and `-`. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'secret',
  'secretkey',
  'clientsecret',
  'seed',
  'verificationcode',
  'authorization',
  'accesstoken',
  'password',
  'assertion',
]);

/** Deeper structures are cut: a log line is no place for them, and a cycle must end. */
const DEPTH_MAX = 8;

/**
 * A copy of `value` that is safe to print: values under secret key names replaced at any depth, `Secret`
 * values too, errors reduced to name, code and message.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Secret) return SECRET_PLACEHOLDER;
  if (depth >= DEPTH_MAX) return '[deep]';
  if (value instanceof Error) {
    const code = 'code' in value && typeof value.code === 'string' ? { code: value.code } : {};
    return { name: value.name, ...code, message: value.message };
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return redactEntries(value, depth);
}

function redactEntries(value: object, depth: number): Record<string, unknown> {
  const entries: readonly (readonly [string, unknown])[] = Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [
      key,
      SECRET_KEYS.has(key.toLowerCase().replaceAll(/[_-]/g, ''))
        ? SECRET_PLACEHOLDER
        : redact(item, depth + 1),
    ]),
  );
}

function redactFields(fields: object): Record<string, unknown> {
  return redactEntries(fields, 0);
}

/**
 * A log that writes JSON lines.
 *
 * @param destination - a file's path, or 2 for standard error.
 */
export function createLog(level: LogLevel, destination: string | 2): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { log: redactFields, level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: destination, sync: true, mkdir: true }),
  );
}
