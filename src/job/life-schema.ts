// The keys of the job file that say what becomes of a token after it was assigned.

import { z } from 'zod';

export const activationSchema = z
  .enum(['user', 'computed', 'codes'])
  .default('user')
  .describe(
    'Who activates a token. user: its holder, on the Security info page (https://aka.ms/mysecurityinfo). computed: the run, with a code from the secret in the manifest. codes: the run, with the codes that holders have read out, in the column "code" of an assignments file; rows without one wait. A column "activation" says otherwise for a row. Default: user.',
  );
