// `oathbatch inspect FILE...`: reads files and says what is in them. Nothing is sent, and no secret is shown.

import { EXIT, type ExitCode } from '../../errors.js';
import { loadJob } from '../../job/load-job.js';
import { isInvalidRow } from '../../manifest/formats/table-format.js';
import { columnsBlock } from '../../manifest/guess-columns.js';
import { type Inspection, inspectFile } from '../../manifest/load-inspection.js';
import { ENCODING_NAMES } from '../../manifest/secret-encoding.js';
import { SEPARATOR_NAMES } from '../../manifest/separator.js';
import type { Context } from '../common.js';
import { saidOfFile } from '../said-of-file.js';

/** Kinds of tokens that are named one by one. */
const KINDS_SHOWN = 10;

/** @param jobPath - the job that says what the files do not say themselves, if one is named. */
export async function inspectCommand(
  files: readonly string[],
  jobPath: string | undefined,
  context: Context,
): Promise<ExitCode> {
  const { environment, options } = context;
  const job = jobPath === undefined ? undefined : await loadJob(jobPath, { environment, set: options.set });
  const inspections: Inspection[] = [];
  for (const file of files) {
    inspections.push(await inspectFile(file, job === undefined ? {} : await saidOfFile(file, job)));
  }
  if (context.options.json) {
    context.screen.print(JSON.stringify(inspections.map(inspectionJson)));
  } else {
    context.screen.print(inspections.map(inspectionText).join('\n\n'));
  }
  if (inspections.some(({ role }) => role === 'unusable')) return EXIT.unusable;
  const invalid = inspections.some((one) => one.role !== 'unusable' && one.tally.invalid > 0);
  return invalid ? EXIT.needsPerson : EXIT.ok;
}

function inspectionText(inspection: Inspection): string {
  const lines = inspection.role === 'unusable' ? unusableLines(inspection) : usableLines(inspection);
  return [inspection.path, ...lines.map((line) => (line === '' ? '' : `  ${line}`))].join('\n');
}

function unusableLines(inspection: Inspection & { readonly role: 'unusable' }): readonly string[] {
  const troubles = inspection.troubles.map(({ line, key, message }) =>
    [line === undefined ? '' : `line ${line}: `, key === undefined ? '' : `${key}: `, message].join(''),
  );
  const { guess } = inspection;
  if (guess === undefined || guess.columns.length < 2) return ['cannot be used', ...troubles];
  return [
    'cannot be used as it is',
    ...troubles,
    '',
    'If it is a manifest, put this into the job file, and put right what was guessed wrong:',
    '',
    ...columnsBlock(inspection.path, guess).split('\n'),
  ];
}

function usableLines(inspection: Exclude<Inspection, { readonly role: 'unusable' }>): readonly string[] {
  const { role, summary, tally, first } = inspection;
  const { description, separator } = summary;
  const entry = (name: string, text: string): string => `${name.padEnd(12)} ${text}`;
  const lines = [
    entry(role, `${description.title} (${description.format})`),
    entry(
      'text',
      `${summary.container === undefined ? '' : `${summary.container}, `}${summary.textEncoding}${separator === undefined ? '' : `, cells separated by ${SEPARATOR_NAMES[separator]}s`}`,
    ),
  ];
  if (description.columns !== undefined) {
    const columns = [...description.columns].sort((one, other) => one.number - other.number);
    lines.push(entry('columns', columns.map(({ number, field }) => `${number} ${field}`).join(', ')));
  }
  if (description.secretEncoding !== undefined) {
    const { encoding, why } = description.secretEncoding;
    lines.push(entry('secret keys', `${ENCODING_NAMES[encoding]}: ${why}`));
  }
  lines.push(entry('rows', `${summary.rows}: ${tally.good} good, ${tally.invalid} invalid`));
  for (const [reason, { count, line, detail }] of tally.reasons) {
    lines.push(entry('', `${count} ${reason}, first on line ${line}: ${detail}`));
  }
  if (role === 'manifest') lines.push(entry('users', `${tally.withUser} rows name one`));
  const kinds = [...tally.kinds].sort(([, one], [, other]) => other - one);
  kinds.slice(0, KINDS_SHOWN).forEach(([kind, count], index) => {
    lines.push(entry(index === 0 ? 'tokens' : '', `${count} ${kind}`));
  });
  if (kinds.length > KINDS_SHOWN) lines.push(entry('', `… and ${kinds.length - KINDS_SHOWN} more kinds`));
  for (const remark of summary.remarks) lines.push(entry('warning', remark));
  return [...lines, '', ...table(first.map(rowCells))];
}

type ShownRow = Exclude<Inspection, { readonly role: 'unusable' }>['first'][number];

function rowCells(row: ShownRow): readonly string[] {
  const start = [String(row.address.line), row.serialNumber ?? ''];
  if (isInvalidRow(row)) return [...start, `invalid: ${row.reason}`];
  const user = row.user ?? 'nobody';
  if (!('token' in row)) return [...start, user];
  const { manufacturer, model, timeIntervalInSeconds, hashFunction, secretKey } = row.token;
  return [
    ...start,
    String(secretKey),
    `${timeIntervalInSeconds} s`,
    hashFunction,
    `${manufacturer} ${model}`,
    user,
  ];
}

/** Columns as wide as their widest cell; a refused row does not widen them. */
function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      if (row.length === 3 && index === 2) return;
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows.map((row) =>
    `line ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}

/** For machines: maps become objects, and a secret shows its placeholder. */
function inspectionJson(inspection: Inspection): unknown {
  if (inspection.role === 'unusable') return inspection;
  const { tally } = inspection;
  return {
    ...inspection,
    tally: {
      ...tally,
      reasons: Object.fromEntries(tally.reasons),
      kinds: Object.fromEntries(tally.kinds),
    },
  };
}
