// Safety limits as people write them: a count (`50`) or a share (`5%`) of the rows. How
// many rows that allows is decided where the plan is counted.

import { z } from 'zod';

/** At most so many. */
export type Limit =
  | { readonly kind: 'count'; readonly count: number }
  /** `share` from 0 to 1. */
  | { readonly kind: 'share'; readonly share: number };

const PERCENT = /^(\d+(?:\.\d+)?)\s*%$/;

const MESSAGE = "must be a count such as 50, or a share of the rows such as '5%'";

/** Takes `50` or `'5%'`. */
export const limitSchema = z
  .union([z.int().min(0), z.string().regex(PERCENT, MESSAGE)], { error: MESSAGE })
  .transform((written, context): Limit => {
    if (typeof written === 'number') return { kind: 'count', count: written };
    const percent = Number(PERCENT.exec(written)?.[1]);
    if (percent <= 100) return { kind: 'share', share: percent / 100 };
    context.addIssue({ code: 'custom', message: 'must not be more than 100%' });
    return z.NEVER;
  });
