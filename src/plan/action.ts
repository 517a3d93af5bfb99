// The steps of a plan: what is written to the tenant for a row, one request after the other. Pure.

/**
 * - `create`: puts the token into the inventory.
 * - `assign`: gives it to the user, who need not have it in hand yet.
 * - `activate`: proves with a one-time code that token and secret belong together.
 * - `unassign`: takes a token from its holder; it stays in the inventory.
 * - `delete`: takes a token out of the inventory, with its secret, which nobody can read again.
 */
export const ACTION_KINDS = ['create', 'assign', 'activate', 'unassign', 'delete'] as const;

export type ActionKind = (typeof ACTION_KINDS)[number];

/** The token that a step is about, and the user who holds it or shall hold it. */
export interface ActionTarget {
  readonly deviceId: string;
  readonly userId: string;
}

/** The kind that a text from outside names, if it is one. */
export function actionKindOf(text: string): ActionKind | undefined {
  return ACTION_KINDS.find((kind) => kind === text);
}
