// The library's public names: reading manifests, planning, and the rehearsal Graph, for programs that want
// one of these without the command. Everything else is the command's own business.

export { type Clock, systemClock } from './clock.js';
export {
  Emulator,
  type EmulatorOptions,
  type EmulatorReply,
  type EmulatorRequest,
} from './emulator/emulator.js';
export { type ServedEmulator, type ServeOptions, serveEmulator } from './emulator/server.js';
export {
  type EmulatorSettings,
  type EmulatorSettingsInput,
  emulatorSettingsSchema,
} from './emulator/settings.js';
export type { SeedDevice, SeedUser, TenantSeed, TenantSnapshot } from './emulator/tenant.js';
export { EXIT, type ExitCode, OperationError, type OperationErrorCode, type Problem } from './errors.js';
export { type DesiredSources, loadDesired, type ManifestSource } from './manifest/load.js';
export type { Desired, DesiredRow, HashFunction, TimeInterval, TokenDetails } from './manifest/row.js';
export { countPlan, makePlan, type Plan, type PlanCounts, type PlannedRow } from './plan/plan.js';
export type { Finding, FindingKind, RowVerdict, Verdict } from './reconcile/verdict.js';
export type { RunSummary } from './report/summary.js';
export { Secret } from './secret.js';
export type { Device, Observed, User } from './tenant/observed.js';
