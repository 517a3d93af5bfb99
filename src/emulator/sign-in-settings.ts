// How the rehearsal's sign-in service behaves: which application it knows, what its tokens allow, and what goes
// wrong. Nothing here is a real secret.

import { z } from 'zod';
import { parseDuration } from '../duration.js';

const duration = z.string().transform((text, context) => {
  const ms = parseDuration(text);
  if (ms !== undefined) return ms;
  context.addIssue({ code: 'custom', message: "expected a duration, such as '90s' or '1h'" });
  return z.NEVER;
});

/** What an application needs to do everything (graph-api.md, section 4.3). */
const EVERYTHING = [
  'Policy.ReadWrite.AuthenticationMethod',
  'UserAuthMethod-HardwareOATH.ReadWrite.All',
  'User.Read.All',
];

export const signInSchema = z.strictObject({
  tenantId: z.string().min(1).default('11111111-1111-4111-8111-111111111111'),
  clientId: z.string().min(1).default('22222222-2222-4222-8222-222222222222'),
  clientSecret: z.string().min(1).default('rehearsal-secret'),
  /** App roles of tokens for an application. */
  roles: z.array(z.string()).default(EVERYTHING),
  /** Scopes of tokens for a person. */
  scopes: z.array(z.string()).default(EVERYTHING),
  /** The principal name of the person who enters a device code; the first user of the tenant when left out. */
  user: z.string().optional(),
  /** Role template ids of that person, as the claim `wids` has them. */
  directoryRoles: z.array(z.string()).default([]),
  lifetime: duration.prefault('1h'),
  /** How often a device code is not entered yet when it is asked about. */
  pendingPolls: z.int().min(0).default(0),
  /** How many requests for a token are answered 429 first. */
  throttled: z.int().min(0).default(0),
  /** What is wrong with the application, if anything. */
  trouble: z.enum(['none', 'secret-expired', 'no-consent', 'assertion-refused', 'blocked']).default('none'),
});

export type SignInSettings = z.output<typeof signInSchema>;
