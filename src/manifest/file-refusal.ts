// A file that cannot be used as a whole. It stops the reading of that file only; load.ts collects the
// refusals of all files and shows them at once.

export class FileRefusal extends Error {
  override readonly name = 'FileRefusal';
  readonly code: 'input-unreadable' | 'input-invalid';
  readonly troubles: readonly FileTrouble[];

  constructor(code: FileRefusal['code'], troubles: readonly FileTrouble[]) {
    super(troubles.map((trouble) => trouble.message).join('; '));
    this.code = code;
    this.troubles = troubles;
  }
}

/** What is wrong, and where. The message never holds a cell. */
export interface FileTrouble {
  readonly line?: number;
  readonly key?: string;
  readonly message: string;
}

/** A refusal for the content of a file. */
export function contentRefusal(message: string, line?: number): FileRefusal {
  return new FileRefusal('input-invalid', [line === undefined ? { message } : { line, message }]);
}
