// `oathbatch emulate [JOB]`: a rehearsal Graph on a loopback port, until it is stopped.

import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { type EmulatorSettings, emulatorSettingsSchema } from '../../emulator/settings.js';
import type { TenantSeed } from '../../emulator/tenant.js';
import { EXIT, type ExitCode, OperationError } from '../../errors.js';
import type { Context } from '../common.js';
import { readInputs } from '../prepare.js';
import { rehearsalTenant, serveTenant } from '../rehearsal.js';

export interface EmulateOptions {
  readonly port?: number;
  /** A YAML or JSON file of emulator settings. */
  readonly settings?: string;
  /** A file that keeps the tenant. */
  readonly keep?: string;
}

/** Users of a tenant that no job describes. */
const USERS_WITHOUT_JOB = 100;

export async function emulateCommand(
  jobPath: string | undefined,
  options: EmulateOptions,
  context: Context,
): Promise<ExitCode> {
  const inputs = jobPath === undefined ? undefined : await readInputs(jobPath, context);
  const fromFile = options.settings === undefined ? undefined : await readSettings(options.settings);
  const settings = fromFile ?? inputs?.job.emulator.settings ?? emulatorSettingsSchema.parse({});
  const seed =
    inputs === undefined
      ? madeUpTenant()
      : rehearsalTenant(inputs.desired, inputs.job.emulator.tenant.tokens, context.clock);
  const rehearsal = await serveTenant({
    settings,
    seed,
    clock: context.clock,
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.port === undefined ? {} : { port: options.port }),
  });
  // The address is the result; a script reads the first line.
  context.screen.print(rehearsal.url);
  context.screen.say(`${seed.users.length} users, ${seed.devices.length} tokens. Stop with Ctrl-C.`);
  await stopSignal();
  await rehearsal.close();
  return EXIT.ok;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function readSettings(path: string): Promise<EmulatorSettings> {
  const unusable = (why: string): OperationError =>
    new OperationError({
      code: 'command-unusable',
      what: `The emulator settings in ${path} cannot be used: ${why}`,
      data: 'Nothing was started.',
      next: 'See docs/emulator.md for the keys.',
    });
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw unusable(error instanceof Error ? error.message : String(error));
  });
  let value: unknown;
  try {
    value = parse(text);
  } catch (error) {
    throw unusable(error instanceof Error ? error.message : String(error));
  }
  const parsed = emulatorSettingsSchema.safeParse(value ?? {});
  if (!parsed.success) throw unusable(z.prettifyError(parsed.error));
  return parsed.data;
}

function madeUpTenant(): TenantSeed {
  const users = Array.from({ length: USERS_WITHOUT_JOB }, (_, index) => {
    const number = String(index + 1).padStart(3, '0');
    return {
      id: `00000000-0000-4000-8000-000000000${number}`,
      userPrincipalName: `user${number}@contoso.example`,
      displayName: `User ${number}`,
      accountEnabled: true,
      userType: 'Member' as const,
    };
  });
  return { users, devices: [] };
}
