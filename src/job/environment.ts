// Replaces `${NAME}` in the texts of a job file by environment variables. `$${` stands for a plain `${`.
// The result is always text, and is not read as YAML again: a variable cannot add keys to a job.

import type { KeyPath } from './yaml-source.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A whole value that is one reference; anything else beside it would be a part of the secret in plain sight. */
export const ENVIRONMENT_REFERENCE = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

export interface EnvironmentTrouble {
  readonly path: KeyPath;
  readonly message: string;
}

const REFERENCE = /\$(\$?)\{([^}]*)(\}?)/g;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The value with all references replaced, and what could not be replaced.
 *
 * @example
 * expandEnvironment({ graph: '${GRAPH}' }, { GRAPH: 'global' }).value; // { graph: 'global' }
 */
export function expandEnvironment(
  value: unknown,
  environment: Environment,
): { readonly value: unknown; readonly troubles: readonly EnvironmentTrouble[] } {
  const troubles: EnvironmentTrouble[] = [];
  return { value: expand(value, [], environment, troubles), troubles };
}

function expand(
  value: unknown,
  path: KeyPath,
  environment: Environment,
  troubles: EnvironmentTrouble[],
): unknown {
  if (typeof value === 'string') {
    return expandText(value, environment, (message) => troubles.push({ path, message }));
  }
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => expand(item, [...path, index], environment, troubles));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]: [string, unknown]) => [
        key,
        expand(item, [...path, key], environment, troubles),
      ]),
    );
  }
  return value;
}

function expandText(text: string, environment: Environment, complain: (message: string) => void): string {
  return text.replace(REFERENCE, (reference: string, dollar: string, name: string, close: string) => {
    if (dollar !== '') return reference.slice(1);
    if (close === '') complain(`a reference is not closed; for a plain \${ write $\${`);
    else if (!VARIABLE_NAME.test(name)) complain(`a reference is not \${NAME}; for a plain \${ write $\${`);
    else {
      const found = environment[name];
      if (found !== undefined) return found;
      complain(`the environment variable ${name} is not set`);
    }
    return reference;
  });
}
