// What commands that only read do while large files are read: the files go to a thread of their own, and meanwhile the lists
// of the tenant are begun. What comes of them is not looked at before the files are known to be usable.

import { stat } from 'node:fs/promises';
import { isoTime } from '../clock.js';
import type { Job } from '../job/job.js';
import { loadDesiredBeside } from '../manifest/load-thread.js';
import type { NamedSource } from '../manifest/read-manifest-options.js';
import type { Desired } from '../manifest/row.js';
import { UsersAhead } from '../tenant/users-ahead.js';
import type { ChosenFiles } from './choose-files.js';
import type { Context } from './common.js';
import { beginListing, type Listing, type LoadFiles } from './prepare.js';
import { openSession, type Session, targetOf } from './session.js';

/** Files of so many bytes are worth it: some 100,000 tokens. */
const BYTES_WORTH_IT = 8 * 1_024 * 1_024;

/** An assignment takes some so many bytes, and so many are worth a page of the list of users (tenant/user-list.ts). */
const BYTES_PER_USER = 40;
const USERS_PER_PAGE = 80;

export class Ahead {
  readonly #context: Context;
  #opening: Promise<{ readonly session: Session; readonly listing: Listing }> | undefined;
  #startedAt: string | undefined;
  #isTaken = false;

  constructor(context: Context) {
    this.#context = context;
  }

  /** Begins, where the files are large enough. @returns how to read them then. */
  readonly begin = async (job: Job, chosen: ChosenFiles): Promise<LoadFiles | undefined> => {
    if (!this.#mayBegin(job, chosen)) return undefined;
    const [tokens, assignments] = await Promise.all([sizeOf(chosen.manifests), sizeOf(chosen.assignments)]);
    if (tokens + assignments < BYTES_WORTH_IT) return undefined;
    this.#startedAt = isoTime(this.#context.clock.wallMs());
    this.#opening = this.#open(job, Math.floor(assignments / BYTES_PER_USER / USERS_PER_PAGE));
    // It is waited for below, once the files are read.
    this.#opening.then(({ listing }) => listing.devices).catch(() => undefined);
    return loadDesiredBeside;
  };

  /** When the lists were begun, if they were. */
  get startedAt(): string | undefined {
    return this.#startedAt;
  }

  /** The session: the one that was begun, or a new one. */
  async session(job: Job, desired: Desired): Promise<Session> {
    if (this.#opening === undefined) return openSession(job, desired, this.#context);
    const { session } = await this.#opening;
    this.#isTaken = true;
    return session;
  }

  /** The lists that were begun. */
  async listing(): Promise<Listing | undefined> {
    return (await this.#opening)?.listing;
  }

  /** Ends what nobody has taken, because the files cannot be used. */
  async close(): Promise<void> {
    if (this.#isTaken) return;
    const opened = await this.#opening?.catch(() => undefined);
    await opened?.session.close();
  }

  async #open(job: Job, pagesMax: number): Promise<{ session: Session; listing: Listing }> {
    const session = await openSession(job, undefined, this.#context);
    const listing = beginListing(session);
    const users = new UsersAhead(session.client, listing.people, pagesMax);
    return { session, listing: { ...listing, users } };
  }

  /** Nobody is asked to sign in for files that may turn out to be of no use, and a rehearsal is made from the files. */
  #mayBegin(job: Job, { manifests, nothingNew }: ChosenFiles): boolean {
    return (
      !nothingNew &&
      job.kind !== 'audit' &&
      job.credential.kind !== 'device-code' &&
      targetOf(job, this.#context).kind !== 'emulator' &&
      // Secrets are not told to another thread.
      manifests.every(({ password, key }) => password === undefined && key === undefined)
    );
  }
}

/** How many bytes the files have; none when one of them is no file. */
async function sizeOf(sources: readonly NamedSource[]): Promise<number> {
  let bytes = 0;
  for (const { path, absolutePath = path } of sources) {
    const found = await stat(absolutePath).catch(() => undefined);
    if (found?.isFile() !== true) return Number.NEGATIVE_INFINITY;
    bytes += found.size;
  }
  return bytes;
}
