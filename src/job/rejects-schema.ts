// The part of the job file's schema about rejects.csv.

import { z } from 'zod';

export const rejectsSchema = z
  .strictObject({
    secrets: z
      .enum(['blank', 'keep'])
      .default('blank')
      .describe(
        'The secret cells of rejects.csv. blank: empty, so that no secret is written to the disk. keep: as they are in the file that they came from. Default: blank.',
      ),
  })
  .prefault({})
  .describe('rejects.csv, which holds the rows that were refused, ready to be mended and fed in again.');
