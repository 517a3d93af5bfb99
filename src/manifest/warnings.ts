// Collects warnings without letting one kind of trouble drown the rest: a list whose letter case differs from
// the vendor's would otherwise warn once per row.

import type { Warning } from './row.js';

/** How many warnings of one kind are shown one by one. */
const SHOWN_PER_KIND = 20;

export class WarningList {
  readonly #warnings: Warning[] = [];
  readonly #counts = new Map<string, number>();
  readonly #overflow = new Map<string, Warning>();

  /** Adds a warning; after the first few of its kind only their number is kept. */
  add(kind: string, warning: Warning): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= SHOWN_PER_KIND) this.#warnings.push(warning);
    else if (!this.#overflow.has(kind)) this.#overflow.set(kind, warning);
  }

  /** All of them, the numbers of those that were not shown at the end. */
  list(): readonly Warning[] {
    const rest = [...this.#overflow].map(([kind, first]): Warning => {
      const more = (this.#counts.get(kind) ?? 0) - SHOWN_PER_KIND;
      return { ...first, message: `${first.message} (and ${more - 1} more of this kind)` };
    });
    return [...this.#warnings, ...rest];
  }
}
