// The keys of the job file that say how a token comes into the inventory, and what becomes of it afterwards.

import { z } from 'zod';
import { limitSchema } from './limit.js';

/** No greatest number is documented (graph-api.md, section 3.1.3); a hundred keep a lost answer small. */
const CHUNK_MAX = 100;

/**
 * As many as a batch of reads settles (https://learn.microsoft.com/graph/json-batching), and fewer than the fifty
 * that a draft of the upload page took at a time (graph-api.md, section 2.4).
 */
const CHUNK_DEFAULT = 20;

export const createSchema = z
  .strictObject({
    chunk: z
      .int()
      .min(1)
      .max(CHUNK_MAX)
      .default(CHUNK_DEFAULT)
      .describe(
        `Tokens that are created, and assigned, by one request at most, from 1 to ${CHUNK_MAX}; 1 sends a request for each. A chunk that the service refuses is halved. Default: ${CHUNK_DEFAULT}.`,
      ),
  })
  .describe('How tokens come into the inventory.');

export const activationSchema = z
  .enum(['user', 'computed', 'codes'])
  .default('user')
  .describe(
    'Who activates a token. user: its holder, on the Security info page (https://aka.ms/mysecurityinfo). computed: the run, with a code from the secret in the manifest. codes: the run, with the codes that holders have read out, in the column "code" of an assignments file; rows without one wait. A column "activation" says otherwise for a row. Default: user.',
  );

export const modeSchema = z
  .enum(['additive', 'exact'])
  .default('additive')
  .describe(
    'What the silence of the files means. additive: nothing; what they do not name is left alone. exact: the files are the whole truth, and a token that they do not give to its holder is taken back. Nothing is deleted either way. Default: additive.',
  );

export const maxDestructiveSchema = limitSchema
  .prefault('10%')
  .describe(
    'The run is refused before anything is sent when more rows than this would take a token from its holder or delete it. A count, or a share of the rows. Default: 10%.',
  );
