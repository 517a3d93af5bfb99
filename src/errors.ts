// How the program fails. Expected outcomes are values and do not come here; an operational failure is
// one OperationError with a stable code; a bug is an assertion.

/** The exit codes that scripts rely on (docs/cli.md). */
export const EXIT = {
  ok: 0,
  failed: 1,
  unusable: 2,
  needsPerson: 3,
  refusedByLimit: 4,
  planHasChanges: 5,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Every operational failure, with the exit code that it ends in. The codes are stable. */
const EXIT_OF = {
  'command-unusable': EXIT.unusable,
  'confirmation-needed': EXIT.unusable,
  'job-invalid': EXIT.unusable,
  'input-unreadable': EXIT.unusable,
  'input-invalid': EXIT.unusable,
  'plan-unreadable': EXIT.unusable,
  'plan-stale': EXIT.unusable,
  'run-unknown': EXIT.unusable,
  'run-not-concluded': EXIT.unusable,
  'key-unusable': EXIT.unusable,
  'resume-mismatch': EXIT.unusable,
  'cloud-not-offered': EXIT.unusable,
  'credential-missing': EXIT.failed,
  'sign-in-failed': EXIT.failed,
  'permission-missing': EXIT.failed,
  'not-ready': EXIT.failed,
  'graph-unreachable': EXIT.failed,
  'graph-failed': EXIT.failed,
  'throttled-too-long': EXIT.failed,
  'queue-stands-still': EXIT.failed,
  'no-progress': EXIT.failed,
  'deadline-passed': EXIT.failed,
  'run-locked': EXIT.failed,
  'ledger-failed': EXIT.failed,
  'ledger-altered': EXIT.failed,
  'disk-failed': EXIT.failed,
  'limit-exceeded': EXIT.refusedByLimit,
} as const satisfies Record<string, ExitCode>;

export type OperationErrorCode = keyof typeof EXIT_OF;

/** One thing that is wrong in a file, so that all of them can be shown at once. */
export interface Problem {
  readonly file: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based. */
  readonly column?: number;
  /** The key of a job file or the column of a manifest. */
  readonly key?: string;
  readonly message: string;
}

export interface OperationErrorParts {
  readonly code: OperationErrorCode;
  /** What happened: one sentence. */
  readonly what: string;
  /** What it means for the data: what was sent and what was not. */
  readonly data: string;
  /** What to do or type next. */
  readonly next: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/**
 * An operational failure: something outside the program has to change before it can go on.
 * It is shown to the operator as three sentences, never with a stack trace.
 */
export class OperationError extends Error {
  override readonly name = 'OperationError';
  readonly code: OperationErrorCode;
  readonly data: string;
  readonly next: string;
  readonly problems: readonly Problem[];

  constructor(parts: OperationErrorParts) {
    super(parts.what, { cause: parts.cause });
    this.code = parts.code;
    this.data = parts.data;
    this.next = parts.next;
    this.problems = parts.problems ?? [];
  }

  get exitCode(): ExitCode {
    return EXIT_OF[this.code];
  }
}

/** `file:line:column: key: message`, leaving out what is not known. */
export function formatProblem(problem: Problem): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== undefined).join(':');
  return problem.key === undefined
    ? `${place}: ${problem.message}`
    : `${place}: ${problem.key}: ${problem.message}`;
}

/** A bug: the program contradicts itself. It ends the run; the ledger keeps what is known. */
export class BugError extends Error {
  override readonly name = 'BugError';
}

/** States what must be true at this point of the program. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message);
}

/** Closes a `switch` over a union: the compiler refuses it when a case is missing. */
export function assertNever(value: never): never {
  throw new BugError(`unexpected value: ${JSON.stringify(value)}`);
}
