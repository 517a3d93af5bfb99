// The keys of the job file that say what becomes of a token after it was assigned.

import { z } from 'zod';
import { limitSchema } from './limit.js';

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
