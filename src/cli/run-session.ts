// Notes in a run's chain who works on it: as whom the command signed in, and on which account and computer it
// was typed. One line for each time that the run is started or resumed.

import { hostname, userInfo } from 'node:os';
import { isoTime } from '../clock.js';
import type { Ledger } from '../ledger/ledger.js';
import { type RunSession, readSession } from '../report/evidence.js';
import { VERSION } from '../version.js';
import type { Context } from './common.js';
import type { Session } from './session.js';

/**
 * Notes a session of a run.
 *
 * @throws {OperationError} when signing in fails.
 */
export async function noteSession(
  ledger: Ledger,
  runId: string,
  session: Session,
  context: Context,
): Promise<void> {
  const described: RunSession = {
    tool: `oathbatch ${VERSION}`,
    ...(await session.signedIn()),
    account: account(),
    host: hostname(),
  };
  await ledger.note(runId, 'session', isoTime(context.clock.wallMs()), JSON.stringify(described));
}

/** The tenant that a run has signed in to, as its chain says; empty when no token has named one. */
export async function tenantOf(ledger: Ledger, runId: string): Promise<string> {
  for await (const { event, detail } of ledger.events(runId)) {
    const tenantId = event === 'session' ? readSession(detail)?.tenantId : undefined;
    if (tenantId !== undefined && tenantId !== '') return tenantId;
    // Nothing is sent before a session is noted: what comes later is of the same tenant.
    if (event === 'sent') return '';
  }
  return '';
}

/** A container may run under an id that has no name: https://nodejs.org/api/os.html#osuserinfooptions */
let named: string | undefined;

function account(): string {
  try {
    named ??= userInfo().username;
    return named;
  } catch {
    // There is an account all the same; its number is what is known of it.
    return String(process.getuid?.() ?? '');
  }
}
