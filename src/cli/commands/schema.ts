// `oathbatch schema`: the JSON Schema of the job file, for editors.

import { EXIT, type ExitCode } from '../../errors.js';
import { jobJsonSchemaText } from '../../job/json-schema.js';
import type { Context } from '../common.js';

export function schemaCommand(context: Context): ExitCode {
  context.screen.print(jobJsonSchemaText().trimEnd());
  return EXIT.ok;
}
