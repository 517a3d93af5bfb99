// What of the commands does not go with an audit job. A file of its own, so that a plan need not load the audit.

import { OperationError } from '../errors.js';
import type { Job } from '../job/job.js';

/**
 * An audit changes nothing, so there is no change to plan or to verify.
 *
 * @throws {OperationError} `command-unusable`.
 */
export function refuseAudit(job: Job, command: string): void {
  if (job.kind !== 'audit') return;
  throw new OperationError({
    code: 'command-unusable',
    what: `${job.file} is an audit, which changes nothing: there is nothing to ${command}.`,
    data: 'Nothing was sent.',
    next: `Give the command: oathbatch audit ${job.file}`,
  });
}
