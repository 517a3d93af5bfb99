// How a vendor's table is described: as data, so that a new layout is a list of columns and not code.

import type { HeadingRule } from '../headings.js';
import type { RawToken, TokenField } from '../raw-token.js';
import type { SecretEncoding } from '../secret-encoding.js';
import type { Implied } from '../token-check.js';

/** A column of a headed layout. Without a `field` it is known and not read. */
export interface LayoutColumn extends HeadingRule {
  readonly field?: TokenField;
}

interface LayoutBasics {
  /** A short name that stays the same. */
  readonly name: string;
  /** As sentences call it. */
  readonly title: string;
  /** What the layout means by what it leaves out. */
  readonly implied?: Implied;
  /** The encoding of its keys, when the maker documents one; the keys are not asked. */
  readonly encoding?: SecretEncoding;
  /** The encoding that it usually has; taken when the keys contradict each other. */
  readonly usualEncoding?: SecretEncoding;
  /** Reads a record in a way of its own; its cells are tidy. */
  readonly read?: (cells: readonly string[]) => RawToken;
}

/** A layout whose first record names the columns. */
export interface HeadedLayout extends LayoutBasics {
  readonly columns: readonly LayoutColumn[];
  /** A cell that holds two fields. */
  readonly split?: { readonly field: TokenField; readonly into: readonly TokenField[]; readonly at: string };
  /** Why files of this layout cannot be used, and what to ask for. */
  readonly refusal?: string;
}

/** A layout without a heading: it is recognised by the shape of its records. */
export interface BareLayout extends LayoutBasics {
  /** Column by field, from 0. */
  readonly columns: ReadonlyMap<TokenField, number>;
  /** How many cells a record may have. */
  readonly widths: readonly number[];
  /** Whether a record is of this layout; its cells are tidy. */
  readonly matches: (cells: readonly string[]) => boolean;
  /** Records that begin with `#` are comments. */
  readonly comments?: boolean;
}
