// `oathbatch schema [WHAT]`: the JSON Schema of the job file, for editors, or of summary.json, for those who read it.

import { EXIT, type ExitCode } from '../../errors.js';
import { jobJsonSchemaText } from '../../job/json-schema.js';
import { summaryJsonSchemaText } from '../../report/summary-schema.js';
import type { Context } from '../common.js';

export function schemaCommand(what: 'job' | 'summary', context: Context): ExitCode {
  const text = what === 'summary' ? summaryJsonSchemaText() : jobJsonSchemaText();
  context.screen.print(text.trimEnd());
  return EXIT.ok;
}
