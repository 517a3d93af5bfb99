// What an option is when it is left out and more than one place has to know it. Apart, so that --help loads nothing.

/** Where the ledger is. */
export const STATE_DEFAULT = '.oathbatch';
