// What came of a seed, for the invariants to look at.

import type { TenantTruth } from '../../src/emulator/truth.js';
import type { KeptConclusion, RunRecord } from '../../src/ledger/ledger.js';
import type { Drawn } from './draw.js';
import type { World } from './tenant.js';
import type { Wire } from './wire.js';

/** How a life of the program ended. */
export type LifeEnd = 'exit' | 'crash' | 'failure' | 'bug';

export interface Played {
  readonly drawn: Drawn;
  readonly world: World;
  readonly truth: TenantTruth;
  readonly conclusion: KeptConclusion | undefined;
  readonly run: RunRecord | undefined;
  readonly ends: readonly LifeEnd[];
  /** Codes of the operational failures. */
  readonly failures: readonly string[];
  readonly wire: Wire;
  readonly operations: number;
  readonly insideGate: readonly string[];
  /** Access tokens that were asked for, and those that expired. */
  readonly tokens: { readonly asked: number; readonly expired: number };
  /** Of the last life, which was well: virtual milliseconds. */
  readonly lastLifeMs: number;
  readonly chainIsWhole: boolean;
  readonly rowsCsv: string;
  readonly reportHtml: string;
  /** Everything that was written or said, for the search for secrets. */
  readonly said: string;
  /** What the same job came to afterwards, with everything well, and the writes that it took; then once more. */
  readonly again: readonly {
    readonly conclusion: KeptConclusion | undefined;
    readonly writes: number;
    readonly tookMs: number;
  }[];
  readonly bugs: readonly string[];
}
