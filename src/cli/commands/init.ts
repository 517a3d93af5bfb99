// `oathbatch init [FILE]`: writes a first job file after a few questions, or from options. It sends nothing.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, relative, resolve, sep } from 'node:path';
import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import {
  ACTIVATIONS,
  type Answers,
  CREDENTIALS,
  GRAPHS,
  jobTemplate,
  KINDS,
  ofApplication,
} from '../job-template.js';
import { openQuestions, type Questions } from '../questions.js';
import { openScreen } from '../screen.js';

/** What was given on the command line; what is left out is asked for, or has a default under `--yes`. */
export interface InitOptions extends Partial<Omit<Answers, 'name' | 'manifest' | 'assignments'>> {
  readonly manifest?: string;
  readonly assignments?: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** The answer that leaves a file out. */
const NONE = 'none';

const TENANT_ID = 'contoso.onmicrosoft.com';
const CLIENT_ID = '00000000-0000-0000-0000-000000000000';

export async function initCommand(file: string, options: InitOptions): Promise<ExitCode> {
  const screen = openScreen();
  if (existsSync(file) && options.force !== true) throw thereAlready(file);
  const questions = options.yes === true ? undefined : openQuestions();
  if (questions === undefined && options.yes !== true) throw nobodyThere();
  const answers = await gather(file, options, questions).finally(() => questions?.close());
  if (answers === undefined) {
    screen.say('\nNothing was written.');
    return EXIT.interrupted;
  }
  if (answers.kind !== 'audit' && answers.manifest === undefined && answers.assignments === undefined) {
    throw new OperationError({
      code: 'command-unusable',
      what: `A job of kind ${answers.kind} needs a manifest or a list of assignments.`,
      data: 'Nothing was written.',
      next: 'Name one with --manifest or --assignments.',
    });
  }
  await write(file, jobTemplate(answers), options.force === true);
  screen.say(`${file} is written.`);
  for (const path of [answers.manifest, answers.assignments]) {
    if (path === undefined || /^-$|[*?]/.test(path) || existsSync(resolve(dirname(file), path))) continue;
    screen.say(`  It names ${path}, which is not there yet.`);
  }
  if (ofApplication(answers.credential) && answers.clientId === CLIENT_ID) {
    screen.say('  Put the ids of your tenant and application into it.');
  }
  screen.say(`  Next: oathbatch ${nextCommand(answers)} ${/^[\w./\\:-]+$/.test(file) ? file : `"${file}"`}`);
  return EXIT.ok;
}

function nextCommand({ kind, graph }: Answers): string {
  if (graph !== 'emulator') return 'doctor';
  return kind === 'audit' ? 'audit' : 'plan';
}

/** `undefined` when the person broke off. */
async function gather(
  file: string,
  given: InitOptions,
  questions: Questions | undefined,
): Promise<Answers | undefined> {
  const choose = async <T extends string>(
    known: T | undefined,
    question: string,
    choices: readonly [T, ...T[]],
  ): Promise<T | undefined> =>
    known ?? (questions === undefined ? choices[0] : questions.choose(question, choices));
  const text = async (known: string | undefined, question: string, otherwise: string) =>
    known ?? (questions === undefined ? otherwise : questions.text(question, otherwise));

  const kind = await choose(given.kind, 'What for?', KINDS);
  if (kind === undefined) return undefined;
  const graph = await choose(given.graph, 'Which cloud?', GRAPHS);
  if (graph === undefined) return undefined;
  // A rehearsal signs in to nothing.
  const credential =
    graph === 'emulator'
      ? (given.credential ?? 'default')
      : await choose(given.credential, 'How to sign in?', CREDENTIALS);
  if (credential === undefined) return undefined;
  const asked = ofApplication(credential);
  const tenantId = asked ? await text(given.tenantId, 'Tenant, by id or domain?', TENANT_ID) : TENANT_ID;
  const clientId = asked ? await text(given.clientId, 'Application (client) id?', CLIENT_ID) : CLIENT_ID;
  if (tenantId === undefined || clientId === undefined) return undefined;
  const none = kind === 'audit' ? NONE : undefined;
  const manifest = await text(given.manifest, 'Manifest of the vendor, or none?', none ?? 'tokens.csv');
  if (manifest === undefined) return undefined;
  const assignments = await text(
    given.assignments,
    'List of assignments, or none?',
    none ?? 'assignments.csv',
  );
  if (assignments === undefined) return undefined;
  const activation =
    kind === 'audit' ? 'user' : await choose(given.activation, 'Who activates the tokens?', ACTIVATIONS);
  if (activation === undefined) return undefined;
  const here = (path: string) => (path === NONE ? undefined : fromJobFile(file, path));
  return {
    name: nameOf(file),
    kind,
    graph,
    credential,
    tenantId,
    clientId,
    manifest: here(manifest),
    assignments: here(assignments),
    activation,
  };
}

/** Paths are typed as seen from the working directory, and written as seen from the job file. */
function fromJobFile(file: string, path: string): string {
  const seen = path === '-' || isAbsolute(path) ? path : relative(dirname(resolve(file)), resolve(path));
  return sep === '\\' ? seen.replaceAll('\\', '/') : seen;
}

/** A name that a job may have, from that of its file. */
function nameOf(file: string): string {
  const name = basename(file, extname(file))
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, 64);
  return name === '' ? 'job' : name;
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw thereAlready(file);
    throw new OperationError({
      code: 'disk-failed',
      what: `The job file cannot be written to ${file} (${error instanceof Error ? error.message : String(error)}).`,
      data: 'Nothing was sent.',
      next: 'Choose another place: oathbatch init FILE.',
      cause: error,
    });
  }
}

function thereAlready(file: string): OperationError {
  return new OperationError({
    code: 'command-unusable',
    what: `${file} is there already.`,
    data: 'It was left as it is.',
    next: 'Choose another name: oathbatch init FILE. Or give --force to write over it.',
  });
}

function nobodyThere(): OperationError {
  return new OperationError({
    code: 'confirmation-needed',
    what: 'There are questions, and nobody is at the terminal to answer them.',
    data: 'Nothing was written.',
    next: 'Answer them by options and give --yes: oathbatch init --help names them.',
  });
}
