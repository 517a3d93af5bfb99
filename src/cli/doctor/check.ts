// One thing that must be in place before a job runs, and how it is.

export interface Check {
  /** What was looked at: one word or two. */
  readonly name: string;
  readonly state: 'pass' | 'warn' | 'fail';
  /** What was found: a sentence. */
  readonly found: string;
  /** What to do about it; empty for a pass. */
  readonly mend: string;
}

export function pass(name: string, found: string): Check {
  return { name, state: 'pass', found, mend: '' };
}

export function warn(name: string, found: string, mend: string): Check {
  return { name, state: 'warn', found, mend };
}

export function fail(name: string, found: string, mend: string): Check {
  return { name, state: 'fail', found, mend };
}
