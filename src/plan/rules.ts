// What a job asks of every row, unless the row says otherwise. Pure.

import type { Activation } from '../manifest/row.js';

export interface PlanRules {
  readonly activation: Activation;
  /**
   * `additive`: what the files do not name is left alone. `exact`: the files are the truth, and a token that they
   * do not give to its holder is taken back.
   */
  readonly mode?: 'additive' | 'exact';
  /** Nothing is brought to anybody: registrations of older uploads are removed (legacy.ts). */
  readonly removesLegacy?: boolean;
  /** Ids of tokens that earlier runs have deleted and created again: it is not done twice. */
  readonly recreated?: ReadonlySet<string>;
}

export const NOTHING_SPECIAL: PlanRules = { activation: 'user' };
