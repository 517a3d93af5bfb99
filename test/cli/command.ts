// The built command as a process of its own, in a folder of its own, with the files of a small job. What a test
// starts ends with it, and the folder goes too.

import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base32nopad } from '@scure/base';
import { parse } from 'csv-parse/sync';
import { test as base, vi } from 'vitest';
import { z } from 'zod';
import type { EmulatorSettingsInput } from '../../src/emulator/settings.js';
import type { SeedUser } from '../../src/emulator/tenant.js';
import { type Rehearsal, rehearsalAt, serveUsers } from './rehearsal.js';

const MAIN = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** No child lives longer than this, whatever a test forgets. */
const CHILD_LIFE_MS = 150_000;

/** How long a test waits for something that is about to happen: on a computer that is busy with other things. */
export const SOON = { timeout: 100_000, interval: 20 };

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  readonly stdout: () => string;
  readonly stderr: () => string;
}

/** The variables of a child, beside a few of the system's: what this computer is signed in to is not among them. */
export type Variables = Readonly<Record<string, string>>;

const SYSTEM_VARIABLES = ['PATH', 'HOME', 'USERPROFILE', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR'];

function environment(variables: Variables): Variables {
  const system = SYSTEM_VARIABLES.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(system), ...variables };
}

const reportRows = z.array(
  z.object({
    line: z.coerce.number(),
    serial_number: z.string(),
    user: z.string(),
    verdict: z.string(),
    reason: z.string(),
    detail: z.string(),
    request_id: z.string(),
    assigned_since: z.string(),
  }),
);

export type ReportRow = z.infer<typeof reportRows>[number];

export const HEADING = 'upn,serial number,secret key,time interval,manufacturer,model';

/** A secret key that is the same for the same name: 20 bytes, as vendors make them. */
export function secretOf(name: string): string {
  return base32nopad.encode(createHash('sha1').update(name).digest());
}

export function serialOf(index: number): string {
  return `CLI${String(index + 1).padStart(4, '0')}`;
}

interface Cells {
  /** The number of the user. */
  readonly user?: number;
  readonly secret?: string;
  readonly interval?: string;
}

/** A line of a manifest: the token of this index for the user of the same place, unless said otherwise. */
export function tokenLine(index: number, cells: Cells = {}): string {
  const { user = index + 1, secret = secretOf(serialOf(index)), interval = '30' } = cells;
  return `user${user}@contoso.example,${serialOf(index)},${secret},${interval},Contoso,C100`;
}

/** Lines of a manifest for tokens 0 to `count - 1`. */
export function tokenLines(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => tokenLine(index));
}

export class Place {
  readonly directory = mkdtempSync(join(tmpdir(), 'oathbatch-cli-'));
  readonly #running: Running[] = [];
  readonly #served: { readonly close: () => Promise<void> }[] = [];

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(this.path(name), content);
  }

  read(name: string): string {
    return readFileSync(this.path(name), 'utf8');
  }

  /** Writes `tokens.csv`, and `job.yaml` with further lines of the job file. */
  job(lines: readonly string[], jobLines: readonly string[] = []): void {
    this.manifest(lines);
    const job = ['name: trial', 'kind: onboarding', 'graph: emulator', 'manifests: [{ path: tokens.csv }]'];
    // Tokens are created one by one, so that a run can be stopped between them. It stands last: lines are counted.
    this.write('job.yaml', `${[...job, ...jobLines, 'create: { chunk: 1 }'].join('\n')}\n`);
  }

  manifest(lines: readonly string[], name = 'tokens.csv'): void {
    this.write(name, `${[HEADING, ...lines].join('\n')}\n`);
  }

  start(args: readonly string[], variables: Variables = {}): Running {
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.directory,
      env: environment(variables),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CHILD_LIFE_MS,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, stdout, stderr }));
    const running = { child, ended, stdout: () => stdout, stderr: () => stderr };
    this.#running.push(running);
    return running;
  }

  /** Runs the command to its end. */
  run(args: readonly string[], variables: Variables = {}): Promise<Ended> {
    return this.start(args, variables).ended;
  }

  /** `oathbatch emulate`, with the tenant that a job presupposes. */
  async emulate(settings: EmulatorSettingsInput = {}, job = 'job.yaml'): Promise<Rehearsal> {
    this.write('settings.json', JSON.stringify(settings));
    const emulator = this.start(['emulate', job, '--settings', 'settings.json']);
    const url = await vi.waitFor(() => {
      const [line, more] = emulator.stdout().split('\n');
      if (line === undefined || more === undefined) throw new Error(`no address yet: ${emulator.stderr()}`);
      return line;
    }, SOON);
    return rehearsalAt(url);
  }

  /** A rehearsal in this process, with these users and no tokens. */
  async serve(seed: readonly SeedUser[], settings: EmulatorSettingsInput = {}): Promise<Rehearsal> {
    const served = await serveUsers(seed, settings);
    this.#served.push(served);
    return served;
  }

  /** The folder of a run's reports, from the directory: the last run's when there are several. */
  reports(): string {
    // By time and not by name: of two runs that begin in the same second, the names are in any order.
    const made = (name: string): number => statSync(join(this.path('reports'), name)).birthtimeMs;
    const [run] = readdirSync(this.path('reports')).toSorted((one, other) => made(other) - made(one));
    return join('reports', run ?? 'none');
  }

  rows(): readonly ReportRow[] {
    return reportRows.parse(parse(this.read(join(this.reports(), 'rows.csv')), { columns: true }));
  }

  /** `verdict`, or `verdict/reason`, in the order of the rows. */
  verdicts(): readonly string[] {
    return this.rows().map(({ verdict, reason }) => (reason === '' ? verdict : `${verdict}/${reason}`));
  }

  async close(): Promise<void> {
    for (const { child, ended } of this.#running) {
      child.kill('SIGKILL');
      await ended;
    }
    await Promise.all(this.#served.map((served) => served.close()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** A test that has a {@link Place}. */
export const it = base.extend<{ place: Place }>({
  place: async ({ task: _task }, use) => {
    const place = new Place();
    await use(place);
    await place.close();
  },
});
