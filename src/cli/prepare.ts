// What run, plan, apply and verify begin with: the job, its rows, the tenant, and the plan between them.

import { resolve } from 'node:path';
import { IdIndex } from '../compact/id-index.js';
import { type Rows, unusualRows } from '../compact/rows.js';
import { OperationError } from '../errors.js';
import type { Job } from '../job/job.js';
import { loadJob } from '../job/load-job.js';
import type { Ledger } from '../ledger/ledger.js';
import { openLedger } from '../ledger/sqlite.js';
import { isMe } from '../lookup-key.js';
import { usersNamed } from '../manifest/joined-rows.js';
import { type DesiredSources, loadDesired } from '../manifest/load.js';
import type { Desired, DesiredRow } from '../manifest/row.js';
import { countPlan, makePlan, type Plan, type PlanCounts } from '../plan/plan.js';
import type { PlanRules } from '../plan/rules.js';
import { holdersToLookUp } from '../reconcile/holder-findings.js';
import { usersInScope } from '../reconcile/old-methods.js';
import { ordinaryRows } from '../reconcile/ordinary-rows.js';
import type { SigningKey } from '../report/signature.js';
import type { DeviceTable } from '../tenant/device-table.js';
import { listInventory } from '../tenant/inventory.js';
import { listUserMethods } from '../tenant/methods.js';
import type { Observed } from '../tenant/observed.js';
import { listRegistrations } from '../tenant/registrations.js';
import { resolveUsers } from '../tenant/users.js';
import type { UsersAhead } from '../tenant/users-ahead.js';
import { type ChosenFiles, everyFile, newFiles } from './choose-files.js';
import type { Context } from './common.js';
import { labelOf, type Session, targetOf } from './session.js';
import { loadSigningKey } from './signing-key.js';
import { wavePart } from './waves.js';

export interface Inputs {
  readonly job: Job;
  /** Where the job file is, absolute. */
  readonly jobFile: string;
  /** What is to be done now: of a migration, one wave. */
  readonly desired: Desired;
  /** Everything that the files ask for. */
  readonly files: Desired;
  /** Which files were read. */
  readonly chosen: ChosenFiles;
  /** The key that signs the evidence, if the job names one. */
  readonly signingKey: SigningKey | undefined;
}

/** Reads the files of a job. */
export type LoadFiles = (files: DesiredSources) => Promise<Desired>;

/** Begins something while the files are read, and says how to read them then. */
type Beside = (job: Job, chosen: ChosenFiles) => Promise<LoadFiles | undefined>;

/** How the files of a job are chosen: every one unless said otherwise. */
type FileChoice = (job: Job) => Promise<ChosenFiles>;

/** Rows that are named one by one on the screen; all of them stand in the report. */
const INVALID_SHOWN = 10;

/**
 * Reads the job and its files, whole, before anything else happens.
 *
 * @throws {OperationError} `job-invalid`, `input-unreadable`, `input-invalid`, `key-unusable`.
 */
export async function readInputs(
  jobPath: string,
  context: Context,
  set = context.options.set,
  scope: 'wave' | 'files' = 'wave',
  choice: FileChoice = everyFile,
  beside: Beside = async () => undefined,
): Promise<Inputs> {
  const job = await loadJob(jobPath, { environment: context.environment, set });
  const signingKey = await loadSigningKey(job);
  const chosen = await choice(job);
  const load = (await beside(job, chosen)) ?? loadDesired;
  const files = await load({
    manifests: chosen.manifests,
    assignments: chosen.assignments,
    leavers: job.leavers,
  });
  if (job.mode === 'exact') refuseGaps(files.rows);
  for (const warning of files.warnings) {
    const place = warning.line === undefined ? warning.file : `${warning.file}:${warning.line}`;
    context.screen.say(`warning: ${place}: ${warning.message}`);
  }
  const desired = scope === 'wave' ? wavePart(job, files, context) : files;
  sayInvalid(desired.rows, context);
  return { job, jobFile: resolve(jobPath), desired, files, chosen, signingKey };
}

/** For commands that are to carry out what is new: a file that was carried out before is left alone. */
export function onlyNew(context: Context): FileChoice {
  return async (job) => {
    const ledger = openLedger(context.options.state);
    try {
      return await newFiles(job, labelOf(targetOf(job, context)), ledger);
    } finally {
      await ledger.close();
    }
  };
}

/** Whether there is nothing to do, which is said and is a success. */
export function nothingNew({ job, chosen }: Inputs, { screen, options }: Context): boolean {
  if (!chosen.nothingNew) return false;
  const { before } = chosen;
  const told = before === 0 ? 'there are no files' : `${before} files, all of them carried out before`;
  screen.say(`${job.name}: nothing new (${told}).`);
  if (options.json) screen.print(JSON.stringify({ type: 'nothing-new', job: job.name, files: before }));
  return true;
}

function sayInvalid(rows: Rows<DesiredRow>, context: Context): void {
  const invalid = [...unusualRows(rows)].filter((row) => row.invalid !== undefined);
  for (const row of invalid.slice(0, INVALID_SHOWN)) {
    context.screen.say(`invalid: ${row.address.file}:${row.address.line}: ${row.invalid?.detail ?? ''}`);
  }
  if (invalid.length > INVALID_SHOWN) {
    context.screen.say(`invalid: … and ${invalid.length - INVALID_SHOWN} more rows; all are in the report`);
  }
}

/**
 * With `mode: exact` a token is taken back because no line names it, which nobody can say of a file with lines that
 * cannot be read.
 */
function refuseGaps(rows: Rows<DesiredRow>): void {
  const problems = [...unusualRows(rows)].flatMap(({ address, invalid }) =>
    invalid === undefined ? [] : [{ ...address, message: invalid.detail }],
  );
  if (problems.length === 0) return;
  throw new OperationError({
    code: 'input-invalid',
    what: 'mode: exact takes the files for the whole truth, and there are lines in them that cannot be used.',
    data: 'Nothing was sent.',
    next: 'Mend the lines, or set mode: additive; then give the same command again.',
    problems,
  });
}

/** The tenant's tokens on their way, and the ids of users, which their holders share with others. */
export interface Listing {
  readonly people: IdIndex;
  readonly devices: Promise<DeviceTable>;
  /** The list of users, where it was begun before it is known whom to look for. */
  readonly users?: UsersAhead;
}

/** Begins to list the tokens. @param desired - how many are expected; nobody knows when left out. */
export function beginListing({ client }: Session, desired?: Desired): Listing {
  const people = new IdIndex(desired?.names.length);
  return { people, devices: listInventory(client, { people, expected: desired?.rows.length ?? 0 }) };
}

/** Looks at the tenant: its tokens, and the users that the rows name. */
async function observe(
  desired: Desired,
  session: Session,
  { people, devices: listed, users: ahead } = beginListing(session, desired),
): Promise<Observed> {
  const [devices, users] = await Promise.all([listed, lookUpUsers(desired, session, people, ahead)]);
  return { devices, users };
}

/** With what the users themselves show: the inventory does not list what older uploads have left. */
async function withMethods(observed: Observed, session: Session): Promise<Observed> {
  const ids = [...observed.users.values()].flatMap((user) => (user === undefined ? [] : [user.id]));
  return { ...observed, methods: await listUserMethods(session.client, ids) };
}

/** The users that the rows name. @param people - ids of users, which need not be kept a second time. */
export function lookUpUsers(
  desired: Desired,
  session: Session,
  people?: IdIndex,
  ahead?: UsersAhead,
): Promise<Observed['users']> {
  const { names } = desired;
  const shared = people === undefined ? { names } : { names, people };
  return resolveUsers(session.client, usersNamed(desired.rows), shared, ahead);
}

/** The holders of the tokens in question whom no row names, by object id. */
export function lookUpHolders(
  { job, desired, plan }: Pick<Inputs, 'job' | 'desired'> & Pick<Prepared, 'plan'>,
  { devices, users }: Observed,
  session: Session,
): Promise<Observed['users']> {
  const { unlisted } = job.findings;
  const { rows } = desired;
  const ordinary = ordinaryRows({ plan: plan.rows, rows, devices, users });
  return resolveUsers(session.client, holdersToLookUp({ rows, devices, users, unlisted, ordinary }));
}

export interface Prepared {
  readonly observed: Observed;
  readonly plan: Plan;
  readonly counts: PlanCounts;
}

/**
 * The methods that the users of the files have registered, when the job asks; a word to the operator when they may
 * not be read.
 */
export async function lookUpRegistrations(
  { job, users }: { readonly job: Job; readonly users: Observed['users'] },
  session: Pick<Session, 'client'>,
  { screen }: Pick<Context, 'screen'>,
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  if (!job.findings.oldMethods) return undefined;
  const found = await listRegistrations(session.client, usersInScope(users));
  if (found === undefined) {
    screen.say(
      'warning: the report of registered methods may not be read (it needs AuditLog.Read.All), so users on the old method are not listed.',
    );
  }
  return found;
}

/**
 * An application has no self: `/me` never works for one (graph-api.md, section 3.2).
 *
 * @throws {OperationError} `command-unusable` before anything is sent for the rows.
 */
export async function refuseMeOfApplication(desired: Desired, session: Session): Promise<void> {
  const row = rowForMe(desired.rows);
  if (row === undefined || (await session.grants())?.isDelegated !== false) return;
  throw new OperationError({
    code: 'command-unusable',
    what: `${row.address.file}:${row.address.line} assigns a token to me, and an application signed in, which is nobody.`,
    data: 'Nothing was sent.',
    next: 'Sign in as a person, as with credential: { kind: device-code, … }, or name the user.',
  });
}

function rowForMe(rows: Rows<DesiredRow>): DesiredRow | undefined {
  const namesMe = ({ user }: DesiredRow): boolean => user !== undefined && isMe(user);
  for (const user of usersNamed(rows)) if (isMe(user)) return rows.find(namesMe);
  // A row that cannot be used names its user as well.
  return [...unusualRows(rows)].find(namesMe);
}

function removesLegacy({ waves }: Job): boolean {
  return waves?.step === 'legacy';
}

/** What a job asks of every row. */
export function rulesOf(job: Job, recreated: ReadonlySet<string>): PlanRules {
  return { activation: job.activation, mode: job.mode, recreated, removesLegacy: removesLegacy(job) };
}

export async function preparePlan(
  { job, desired }: Pick<Inputs, 'job' | 'desired'>,
  session: Session,
  ledger: Pick<Ledger, 'recreated'>,
  listing?: Listing,
): Promise<Prepared> {
  await refuseMeOfApplication(desired, session);
  const listed = await observe(desired, session, listing);
  const observed = removesLegacy(job) ? await withMethods(listed, session) : listed;
  const plan = makePlan(desired.rows, observed, rulesOf(job, await ledger.recreated(session.label)));
  observed.devices.people?.settle();
  return { observed, plan, counts: countPlan(plan) };
}

/** The plan in a few lines. */
export function planText(job: string, graph: string, counts: PlanCounts): string {
  const line = (count: number, text: string): readonly string[] =>
    count === 0 ? [] : [`  ${pad(count)} ${text}`];
  return [
    `Plan for ${job} on ${graph}: ${counts.rows} rows`,
    ...line(counts.create, 'to create in the inventory'),
    ...line(counts.assign, 'to assign'),
    ...line(counts.activate, 'to activate'),
    ...line(counts.unassign, 'to take back from their holders'),
    ...line(counts.delete, 'to delete from the inventory'),
    ...line(counts.already, 'already as they should be'),
    ...line(counts.conflicts, 'in conflict with the tenant, left alone'),
    ...line(counts.invalid, 'invalid, left alone'),
  ].join('\n');
}

function pad(count: number): string {
  return String(count).padStart(7);
}
