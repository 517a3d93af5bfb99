// A job, ready to run: checked, with defaults filled in and paths resolved. What the rest of the program knows
// of a job file.

import type { EmulatorSettings } from '../emulator/settings.js';
import type { AssignmentsSource, LeaversSource, ManifestSource } from '../manifest/load.js';
import type { Activation } from '../manifest/row.js';
import type { Secret } from '../secret.js';
import type { JobCredential } from './credential.js';
import type { GraphTarget } from './graph-target.js';
import type { Limit } from './limit.js';

export type ReportFormat = 'csv' | 'json' | 'html' | 'xlsx' | 'junit';

/** Where a pipeline shows failures. */
export type Annotations = 'none' | 'github' | 'gitlab' | 'azure';

/** A file that the job names. */
export interface NamedFile {
  /** As it is shown. */
  readonly path: string;
  readonly absolutePath: string;
}

export interface Job {
  /** The job file, as it is shown. */
  readonly file: string;
  /**
   * SHA-256 of what the job says after overrides and references to the environment, in hexadecimal; the
   * client secret counts with the name of its variable only.
   */
  readonly sha256: string;
  readonly name: string;
  readonly kind: 'onboarding' | 'migration' | 'audit';
  readonly graph: GraphTarget;
  readonly credential: JobCredential;
  readonly connection: {
    /** A PEM file. */
    readonly ca?: NamedFile;
    /** Without a slash at the end. */
    readonly authority?: string;
    readonly scope?: string;
  };
  readonly manifests: readonly ManifestSource[];
  readonly assignments: readonly AssignmentsSource[];
  readonly leavers: readonly LeaversSource[];
  readonly activation: Activation;
  readonly mode: 'additive' | 'exact';
  /** Of a migration, and of nothing else. */
  readonly waves?: {
    readonly by: 'size' | 'group' | 'file';
    readonly size: number;
    readonly order: readonly string[];
    readonly first: number;
    readonly last?: number;
    readonly legacy: 'leave' | 'remove';
    readonly step: 'tokens' | 'legacy';
    readonly maxFailed: Limit;
  };
  readonly limits: {
    readonly maxChanges: Limit;
    readonly maxConflicts: Limit;
    readonly maxDestructive: Limit;
  };
  readonly throttle: {
    /** Writes a second, or where to take them from. */
    readonly rate: 'documented' | 'auto' | 'unlimited' | number;
    readonly burst?: number;
    readonly concurrency: number;
  };
  readonly verify: { readonly deadlineMs: number };
  readonly retry: { readonly attempts: number };
  /** When a run that only waits comes to an end. */
  readonly stop: { readonly afterMs: number; readonly withoutProgressMs: number };
  /** `chunk`: tokens that are created in one request at most. */
  readonly create: { readonly chunk: number };
  readonly reports: {
    readonly formats: readonly ReportFormat[];
    readonly annotations: Annotations;
    /** Where the Prometheus text file goes. */
    readonly metrics?: NamedFile;
    /** A PEM file with the Ed25519 key that signs the evidence. */
    readonly signingKey?: NamedFile;
  };
  readonly findings: {
    /** Whether tokens that no row names are findings. */
    readonly unlisted: boolean;
    /** Whether users without a registered hardware token are findings. */
    readonly oldMethods: boolean;
    /** After how long an assigned token that is not activated is a finding; never when left out. */
    readonly notActivatedAfterMs?: number;
    /** After how long without use a token is a finding of an audit; never when left out. */
    readonly unusedAfterMs?: number;
  };
  /** Where the end of a run is told; nowhere when left out. Whoever has the address may write there. */
  readonly digest?: { readonly webhook: Secret };
  readonly rejects: { readonly secrets: 'blank' | 'keep' };
  readonly privacy: { readonly users: 'full' | 'id-only' | 'hashed' };
  readonly emulator: {
    readonly tenant: { readonly tokens: 'in-inventory' | 'absent' | 'in-use' };
    readonly settings: EmulatorSettings;
  };
}
