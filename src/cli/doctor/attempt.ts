// A check that needs something which may not be to be had.

import { OperationError } from '../../errors.js';
import { type Check, fail } from './check.js';

/** The check; it fails when what it needs cannot be had. */
export async function attempt(name: string, look: () => Promise<Check>): Promise<Check> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof OperationError) return fail(name, error.message, error.next);
    throw error;
  }
}
