// evidence.json: what an auditor needs to see that nothing was changed since. It names the hash of everything
// that a run came from and left behind, and who signed in. Pure; hashing and signing are done by the callers.

import { z } from 'zod';

export const EVIDENCE_FORMAT = 'oathbatch-evidence/1';

export const EVIDENCE_FILE = 'evidence.json';
/** The bare signature of the file's bytes, for any tool that knows Ed25519. */
export const SIGNATURE_FILE = 'evidence.json.sig';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const sessionSchema = z.object({
  tool: z.string(),
  /** How the job signed in: `client-certificate`, … or `rehearsal`. */
  credential: z.string(),
  /** As the access token said; empty when it did not. */
  tenantId: z.string(),
  appId: z.string(),
  user: z.string(),
  objectId: z.string(),
  /** The account and the computer on which the command was typed. */
  account: z.string(),
  host: z.string(),
});

/** Who worked on a run, from where: one for each time that it was started or resumed. */
export type RunSession = z.infer<typeof sessionSchema>;

const evidenceSchema = z.strictObject({
  format: z.literal(EVIDENCE_FORMAT),
  /** What wrote this file. */
  writtenBy: z.string(),
  run: z.strictObject({
    id: z.string(),
    kind: z.string(),
    graph: z.string(),
    tool: z.string(),
    startedAt: z.string(),
    concludedAt: z.string(),
    exitCode: z.int(),
  }),
  job: z.strictObject({
    name: z.string(),
    file: z.string(),
    overrides: z.array(z.string()),
    /** Of what the job says with overrides and environment in place; the client secret does not count. */
    sha256,
  }),
  inputs: z.array(z.strictObject({ role: z.string(), path: z.string(), sha256, rows: z.int() })),
  plan: z.strictObject({ sha256 }),
  ledger: z.strictObject({
    /** Lines of the run's chain, and the hash of the last. */
    events: z.int(),
    head: sha256,
    /** Of the verdicts and the summary as the ledger keeps them. */
    conclusion: sha256,
  }),
  sessions: z.array(sessionSchema.extend({ at: z.string() })),
  reports: z.array(z.strictObject({ name: z.string(), bytes: z.int(), sha256 })),
  /** Present when evidence.json.sig is there. */
  signedBy: z
    .strictObject({
      algorithm: z.literal('Ed25519'),
      /** SubjectPublicKeyInfo (RFC 8410) in base64. */
      publicKey: z.string(),
    })
    .optional(),
});

export type RunEvidence = z.infer<typeof evidenceSchema>;

/** A report on the disk. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function writeEvidence(evidence: RunEvidence): string {
  return `${JSON.stringify(evidence, null, 2)}\n`;
}

/** The evidence in a file's text, or a sentence that says what is wrong with it. */
export function readEvidence(text: string): RunEvidence | { readonly wrong: string } {
  const json = parse(text);
  if (json === undefined) return { wrong: 'it is not JSON' };
  const parsed = evidenceSchema.safeParse(json.value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return { wrong: `${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'it is no evidence'}` };
}

/** A session as the chain has it, or `undefined` when the text is none. */
export function readSession(detail: string): RunSession | undefined {
  const json = parse(detail);
  const parsed = sessionSchema.safeParse(json?.value);
  return parsed.success ? parsed.data : undefined;
}

const hashSchemas = {
  conclusion: z.object({ conclusion: z.string() }).transform(({ conclusion }) => conclusion),
  plan: z.object({ plan: z.string() }).transform(({ plan }) => plan),
};

/** The hash in the detail of a `concluded` or a `began` line; empty when there is none. */
export function hashIn(detail: string, key: 'conclusion' | 'plan'): string {
  const parsed = hashSchemas[key].safeParse(parse(detail)?.value);
  return parsed.success ? parsed.data : '';
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // Text that is no JSON is an expected outcome here, told by the caller.
    return undefined;
  }
}
