// rejects.csv: the rows of a run that were refused, as they stood in their files, to be mended and fed in again.
// Its secret cells are blank unless the job says otherwise.

import { parse as parsePath } from 'node:path';
import { stringify } from 'csv-stringify/sync';
import type { Rows } from '../compact/rows.js';
import type { Job } from '../job/job.js';
import { assignmentRejects, type FileRejects, manifestRejects } from '../manifest/load-rejects.js';
import type { RowVerdict } from '../reconcile/verdict.js';
import type { RunSummary } from '../report/summary.js';
import { type FileToWrite, writeFiles } from '../report/write.js';
import type { Context } from './common.js';

/**
 * Writes the rejects of a run into its folder: `rejects.csv`, or one file for each input when several have some.
 *
 * @returns the paths.
 * @throws {OperationError} `disk-failed`.
 */
export async function writeRejects(
  rows: Rows<RowVerdict>,
  { inputs, verdicts }: Pick<RunSummary, 'inputs' | 'verdicts'>,
  job: Job,
  directory: string,
  { screen }: Pick<Context, 'screen'>,
): Promise<readonly string[]> {
  if (verdicts.invalid + verdicts.rejected === 0 || !job.reports.formats.includes('csv')) return [];
  const refused = new Map(rows.filter(isRefused).map((row) => [row.n, row]));
  const byPlace = new Map([...refused.values()].map((row) => [`${row.file}:${row.line}`, row]));
  const shown = {
    keepSecrets: job.rejects.secrets === 'keep',
    keepUsers: job.privacy.users === 'full',
  };
  const found: { readonly file: string; readonly rejects: FileRejects }[] = [];
  // The rows of the manifests come first and in the order of reading: their position tells them.
  let first = 0;
  for (const { role, path: file, sha256, rows: count } of inputs) {
    const from = first;
    if (role === 'manifest') first += count;
    const why = (position: number, line: number): string | undefined => {
      const row = role === 'manifest' ? refused.get(from + position) : byPlace.get(`${file}:${line}`);
      return row === undefined ? undefined : `${row.reason}: ${row.detail}`;
    };
    const has = [...refused.values()].some((row) => row.file === file);
    if (!has || role === 'leavers') continue;
    const manifest = job.manifests.find(({ path }) => path === file);
    const list = job.assignments.find(({ path }) => path === file);
    const rejects =
      role === 'manifest'
        ? manifest && (await manifestRejects(manifest, sha256, why, shown))
        : list && (await assignmentRejects(list, sha256, why, shown));
    if (rejects !== undefined && rejects.lines.length > 0) found.push({ file, rejects });
    else if (rejects === undefined) {
      screen.say(
        `The refused rows of ${file} are not in rejects.csv: it cannot be read a second time as it was.`,
      );
    }
  }
  const names = rejectNames(found.map(({ file }) => file));
  const files = found.map(
    ({ rejects }, index): FileToWrite => ({
      name: names[index] ?? 'rejects.csv',
      chunks: () => rejectsText(rejects),
    }),
  );
  return (await writeFiles(directory, files)).map(({ path }) => path);
}

function isRefused({ verdict }: RowVerdict): boolean {
  return verdict === 'invalid' || verdict === 'rejected';
}

/** `rejects.csv` for one file; with several, the name of the file that each came from. */
function rejectNames(files: readonly string[]): readonly string[] {
  if (files.length < 2) return files.map(() => 'rejects.csv');
  const taken = new Set<string>();
  return files.map((file) => {
    const stem = parsePath(file).name.replace(/[^\w.-]/g, '-');
    let name = `rejects-${stem}.csv`;
    for (let again = 2; taken.has(name.toLowerCase()); again += 1) name = `rejects-${stem}-${again}.csv`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** No cell is changed for the sake of spreadsheets: the file is read again by this program. */
function* rejectsText({ heading, lines, separator }: FileRejects): Generator<string> {
  const options = { delimiter: separator, record_delimiter: 'windows', quote_record_delimiter: true };
  if (heading !== undefined) yield stringify([heading], options);
  for (const line of lines) yield stringify([line], options);
}
