// One run of a job at a time. The lock stands in the ledger; whether its holder is still alive can only be
// told on the machine that it runs on.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { type Clock, isoTime } from '../clock.js';
import { OperationError } from '../errors.js';
import type { Ledger, LockHolder } from '../ledger/ledger.js';
import type { Random } from '../random.js';

/** Changes at every start of the computer (Linux: random(4)); where there is no such file, it is not used. */
function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    // Only Linux tells; elsewhere the process id alone decides.
    return '';
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, under another account. https://man7.org/linux/man-pages/man2/kill.2.html
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/**
 * Whether a lock was left behind by a process that is gone. About another machine nothing can be told, so its
 * lock stands.
 */
export function isLeftBehind(holder: LockHolder, mine: LockHolder, alive: (pid: number) => boolean): boolean {
  if (holder.host !== mine.host) return false;
  if (holder.bootId !== mine.bootId && holder.bootId !== '' && mine.bootId !== '') return true;
  // A container's first process is number 1 every time: a holder with this process's own number is an
  // earlier life of it.
  return holder.pid === mine.pid || !alive(holder.pid);
}

/**
 * Takes the job's lock.
 *
 * @returns what gives it back.
 * @throws {OperationError} `run-locked`.
 */
export async function takeJobLock(
  ledger: Ledger,
  job: string,
  runId: string,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<() => Promise<void>> {
  const mine = holderOf(runId, ports);
  const answer = await ledger.lock(job, mine, (holder) => isLeftBehind(holder, mine, isAlive));
  if (answer.kind === 'held') throw locked(job, answer.by, mine);
  return () => ledger.unlock(job, mine.lockId);
}

/** A name that no job can have. */
const NO_JOB = '(doctor)';

/**
 * Writes into the ledger and takes it back: whether that can be done shows no other way.
 *
 * @throws {OperationError} `ledger-failed`.
 */
export async function proveWritable(
  ledger: Ledger,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<void> {
  const mine = holderOf('', ports);
  await ledger.lock(NO_JOB, mine, () => true);
  await ledger.unlock(NO_JOB, mine.lockId);
}

function holderOf(
  runId: string,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
): LockHolder {
  const since = isoTime(clock.wallMs());
  return { lockId: random.uuid(), runId, pid: process.pid, host: hostname(), bootId: bootId(), since };
}

function locked(job: string, by: LockHolder, mine: LockHolder): OperationError {
  const elsewhere = by.host === mine.host ? '' : ` on ${by.host}`;
  return new OperationError({
    code: 'run-locked',
    what: `The job ${job} is being run already, by process ${by.pid}${elsewhere}, since ${by.since} (run ${by.runId}).`,
    data: 'Nothing was sent.',
    next:
      elsewhere === ''
        ? 'Wait until it has ended, or end that process; its lock ends with it.'
        : `Wait until it has ended. If that machine is gone: oathbatch runs --unlock ${by.lockId}`,
  });
}
