// The part of the job file's schema that names input files, and says of them what they do not say themselves.

import { z } from 'zod';
import { ENVIRONMENT_REFERENCE } from './environment.js';

const path = z.string().min(1);

const column = (what: string) =>
  z
    .union([z.string().min(1), z.int().min(1)], {
      error: 'must be the name of a column, or its number from 1',
    })
    .optional()
    .describe(`The column with ${what}: its heading, or its number from 1.`);

const required = (what: string) =>
  z
    .union([z.string().min(1), z.int().min(1)], {
      error: 'must be the name of a column, or its number from 1',
    })
    .describe(`The column with ${what}: its heading, or its number from 1.`);

const COLUMNS =
  'Which column is what, for a file whose headings are not known (oathbatch inspect shows them). With a name in it the first line is the heading; with numbers only there is none.';

const secret = (what: string) =>
  z
    .union(
      [
        z.string().min(1).meta({ pattern: ENVIRONMENT_REFERENCE.source }),
        z.strictObject({ file: path.describe('The file that holds it, relative to the job file.') }),
      ],
      { error: 'must be a reference to an environment variable, or { file: … }' },
    )
    .optional()
    .describe(
      `${what}: a reference to an environment variable, as \${SEED_PASSWORD}, or { file: path }, relative to the job file. The secret itself is refused here.`,
    );

export const manifestSchema = z.strictObject({
  path: path.describe("A vendor's file, relative to the job file. docs/manifests.md lists what is read."),
  columns: z
    .strictObject({
      serialNumber: required('the serial number'),
      secretKey: required('the secret key'),
      timeInterval: column('the time interval in seconds'),
      hashFunction: column('the hash function'),
      digits: column('the number of digits'),
      kind: column('the kind of token, TOTP or HOTP'),
      manufacturer: column('the manufacturer'),
      model: column('the model'),
      user: column('the user who shall hold the token'),
    })
    .optional()
    .describe(COLUMNS),
  defaults: z
    .strictObject({
      manufacturer: z.string().min(1).optional().describe('The manufacturer of every token in the file.'),
      model: z.string().min(1).optional().describe('The model of every token in the file.'),
    })
    .optional()
    .describe('What the file does not say, or says with an empty cell.'),
  secretEncoding: z
    .enum(['base32', 'hex', 'base64', 'base32hex'])
    .optional()
    .describe(
      'How the secret keys are written. Left out: the whole column is looked at, and a column that does not tell is refused.',
    ),
  password: secret('The password of an encrypted PSKC file'),
  key: secret(
    'The key that was agreed upon for an encrypted PSKC file, 16, 24 or 32 bytes in hexadecimal or Base64',
  ),
  serialMap: path
    .optional()
    .describe(
      'A CSV file with the columns name and serial number, relative to the job file, for an export that has names and no serial numbers (otpauth, Aegis).',
    ),
  hashFunction: z
    .enum(['hmacsha1', 'hmacsha256'])
    .optional()
    .describe(
      "The hash function of the tokens in this file, where the file does not say it; a row that says another is invalid. Microsoft's layout means hmacsha1.",
    ),
  timeInterval: z
    .union([z.literal(30), z.literal(60)], { error: 'must be 30 or 60' })
    .optional()
    .describe(
      'The time interval of the tokens in this file in seconds, where the file does not say it; a row that says another is invalid.',
    ),
});

export const assignmentsSchema = z
  .strictObject({
    path: path.describe(
      'A CSV file with a serial number and a user (user principal name or object id) in each row, relative to the job file; - is standard input.',
    ),
    join: z
      .enum(['serial', 'dealt', 'stock'])
      .optional()
      .describe(
        'How users come to their tokens. serial: by the serial number. dealt: each user gets the next token of the manifests that is given to nobody. stock: the same with the tokens of the model that the list names. Default: serial.',
      ),
    columns: z
      .strictObject({
        serialNumber: column('the serial number; not needed for dealt and stock'),
        model: column('the model that the user shall get, for stock'),
        user: required('the user principal name or object id'),
        action: column('what becomes of the token: assign, unassign, replace, delete or recreate'),
        replaces: column('the serial number of the token that is replaced'),
        activation: column('who activates the token: user, computed or codes'),
        code: column('the code that the holder has read out'),
        group: column('the group of a migration that the row belongs to'),
      })
      .optional()
      .describe(COLUMNS),
  })
  .superRefine(({ join = 'serial', columns }, context) => {
    if (columns === undefined) return;
    const missing =
      join === 'serial' && columns.serialNumber === undefined
        ? 'serialNumber'
        : join === 'stock' && columns.model === undefined
          ? 'model'
          : undefined;
    if (missing === undefined) return;
    context.addIssue({
      code: 'custom',
      path: ['columns', missing],
      message: `is required for join: ${join}`,
    });
  });

export const leaversSchema = z.strictObject({
  path: path.describe(
    'A CSV file with a user (user principal name or object id) in each row, relative to the job file.',
  ),
  columns: z
    .strictObject({ user: required('the user principal name or object id') })
    .optional()
    .describe(COLUMNS),
});
