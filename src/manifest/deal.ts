// Gives users a token who are to get one, whichever it is: the next one of the manifests that is free, in the order
// of reading. Pure: the same files deal the same tokens, so that a job can be run again. It touches no token that
// a manifest or an assignment gives to somebody.

import type { Rows } from '../compact/rows.js';
import { serialKey } from '../lookup-key.js';
import { isInvalidRow } from './formats/table-format.js';
import type { AssignmentRow, InvalidRow, RequestRow, TokenRow } from './row.js';
import { resemblesKey } from './secret-encoding.js';
import { SerialIndex } from './serial-index.js';

/**
 * The requests as assignments of a token each; one for which no token is left is refused.
 *
 * @param requests - in the order in which they are served.
 *
 * @example
 * deal(tokens, [], [{ address, user: 'helga@contoso.com' }])[0]; // { address, serialNumber: '0012345', user: … }
 */
export function deal(
  tokens: Rows<TokenRow | InvalidRow>,
  assignments: Rows<AssignmentRow | InvalidRow>,
  requests: readonly (RequestRow | InvalidRow)[],
): readonly (AssignmentRow | InvalidRow)[] {
  if (requests.length === 0) return [];
  const stock = new Stock(tokens, assignments);
  return requests.map((request) => {
    if (isInvalidRow(request)) return request;
    const { address, user, model } = request;
    const serialNumber = stock.take(model);
    if (serialNumber !== undefined) return { address, serialNumber, user };
    // A long cell may be a misplaced secret, and is not repeated.
    const named = model === undefined || resemblesKey(model, 16) ? '' : ` '${model}'`;
    const which = model === undefined ? 'token' : `token of the model${named}`;
    return {
      address,
      user,
      reason: 'stock-empty',
      detail: `the manifests have no ${which} left that is given to nobody`,
    };
  });
}

/** The tokens that nobody has been given, in the order of reading. */
class Stock {
  readonly #free: readonly TokenRow[];
  readonly #byModel = new Map<string, TokenRow[]>();
  readonly #taken = new Set<TokenRow>();
  #next = 0;

  constructor(tokens: Rows<TokenRow | InvalidRow>, assignments: Rows<AssignmentRow | InvalidRow>) {
    const bySerial = new SerialIndex(tokens);
    const claimed = new SerialIndex(assignments);
    this.#free = [...tokens].filter((token): token is TokenRow => {
      if (isInvalidRow(token) || token.user !== undefined) return false;
      // A serial number that stands twice is refused when the files are joined.
      return (
        bySerial.positions(token.serialNumber).length === 1 &&
        claimed.positions(token.serialNumber).length === 0
      );
    });
    // The last is taken first: each list is turned round.
    for (const token of this.#free.toReversed()) {
      const key = modelKey(token.token.model);
      const list = this.#byModel.get(key);
      if (list === undefined) this.#byModel.set(key, [token]);
      else list.push(token);
    }
  }

  /** The serial number of the next token, of any model or of this one. */
  take(model: string | undefined): string | undefined {
    const token = model === undefined ? this.#nextOfAny() : this.#nextOf(model);
    if (token !== undefined) this.#taken.add(token);
    return token?.serialNumber;
  }

  #nextOfAny(): TokenRow | undefined {
    for (; this.#next < this.#free.length; this.#next += 1) {
      const token = this.#free[this.#next];
      if (token !== undefined && !this.#taken.has(token)) return token;
    }
    return undefined;
  }

  #nextOf(model: string): TokenRow | undefined {
    const list = this.#byModel.get(modelKey(model)) ?? [];
    for (;;) {
      const token = list.pop();
      if (token === undefined || !this.#taken.has(token)) return token;
    }
  }
}

/** Lists write models in any case, as they do serial numbers. */
function modelKey(model: string): string {
  return serialKey(model);
}
