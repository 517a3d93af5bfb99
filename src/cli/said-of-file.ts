// What a job says of a file that somebody looks into: its columns, encoding, password or key. It looks at nothing
// else of the job's files.

import { OperationError, type Problem } from '../errors.js';
import type { Job } from '../job/job.js';
import { FileRefusal } from '../manifest/file-refusal.js';
import type { Said } from '../manifest/load-inspection.js';
import { locate, readManifestOptions } from '../manifest/read-manifest-options.js';
import { everyFile } from './choose-files.js';

/**
 * @param path - the file, from the current directory.
 * @throws {OperationError} `input-invalid` when the job does not name the file; `input-unreadable` when a password,
 *   a key or a list of serial numbers that it names for the file cannot be read.
 *
 * @example
 * const said = await saidOfFile('seeds/tokens.pskc', job);
 * const inspection = await inspectFile('seeds/tokens.pskc', said);
 */
export async function saidOfFile(path: string, job: Job): Promise<Said> {
  const { manifests, assignments } = await everyFile(job);
  const place = locate({ path });
  const manifest = manifests.find((source) => locate(source) === place);
  if (manifest !== undefined) {
    const problems: Problem[] = [];
    const options = await readManifestOptions(manifest, (file, error) => {
      if (!(error instanceof FileRefusal)) throw error;
      problems.push(...error.troubles.map((trouble) => ({ file, ...trouble })));
    });
    if (problems.length === 0) return { manifest: options };
    throw new OperationError({
      code: 'input-unreadable',
      what: `What ${job.file} names for ${path} cannot be used.`,
      data: 'Nothing was sent.',
      next: 'Put it right, then give the same command again.',
      problems,
    });
  }
  const list = assignments.find((source) => locate(source) === place);
  if (list !== undefined) return list.columns === undefined ? {} : { assignments: list.columns };
  throw new OperationError({
    code: 'input-invalid',
    what: `The job file ${job.file} does not name ${path} as a manifest or a list of assignments.`,
    data: 'Nothing was sent.',
    next: `Name it there, or leave --job out: oathbatch inspect ${path}`,
  });
}
