// The keys of a migration job that say how it goes forward in waves.

import { z } from 'zod';
import { limitSchema } from './limit.js';

export const wavesSchema = z
  .strictObject({
    by: z
      .enum(['size', 'group', 'file'])
      .describe(
        'What makes a wave. size: so many rows, in the order of the files. group: the column "group" of the assignments. file: each file.',
      ),
    size: z.int().min(1).default(500).describe('With by: size, the rows of a wave. Default: 500.'),
    order: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'With by: group, the groups that go first. The others follow in the order of the files; rows without a group come last.',
      ),
    first: z.int().min(1).default(1).describe('The wave to begin with, from 1. Default: 1.'),
    last: z.int().min(1).optional().describe('The wave to end with. Left out: the last one.'),
    legacy: z
      .enum(['leave', 'remove'])
      .default('leave')
      .describe(
        'What becomes of the registrations of an older CSV upload that users have beside the new token of the same serial number. leave: nothing. remove: behind each wave they are deleted in a run of its own, of those users alone whose new token the lists show as theirs and activated; limits.maxDestructive counts them. Default: leave.',
      ),
    step: z
      .enum(['tokens', 'legacy'])
      .default('tokens')
      .describe(
        'The step to begin with. tokens: the new tokens of the wave. legacy: the older registrations, with legacy: remove. Meant for --set, to look at a step before it is carried out. Default: tokens.',
      ),
    maxFailed: limitSchema
      .prefault('5%')
      .describe(
        'The migration stops behind a wave in which more rows than this need a person. A count, or a share of the rows of the wave. Default: 5%.',
      ),
  })
  .describe(
    'How a migration goes forward: each wave is planned, applied and verified before the next begins.',
  );
