// Finds the sign between the cells of a table by looking at its first lines. Pure.

export type Separator = ',' | ';' | '\t' | '|' | ' ';

export const SEPARATOR_NAMES: Readonly<Record<Separator, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  ' ': 'space',
};

const CANDIDATES = [',', ';', '\t', '|'] as const;

/** Enough lines to see that a sign stands in each of them. */
const LINES_LOOKED_AT = 20;

/**
 * The separator of a table. Known headings decide; without any, the sign that stands equally often in most lines.
 * A blank separates only lists of two columns (formats.md, section 14, rule 2).
 *
 * @param head - the beginning of the file; its last line may be cut.
 *
 * @example
 * findSeparator('serial;user\n1001;a@b.c\n', () => false); // ';'
 */
export function findSeparator(head: string, knowsHeading: (cell: string) => boolean): Separator {
  const lines = head
    .split('\n', LINES_LOOKED_AT + 1)
    .slice(0, LINES_LOOKED_AT)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const [first] = lines;
  if (first === undefined) return ',';
  let best: { readonly separator: Separator; readonly score: number } | undefined;
  for (const separator of CANDIDATES) {
    const cells = splitOutsideQuotes(first, separator);
    if (cells.length < 2) continue;
    const known = cells.filter((cell) => knowsHeading(cell)).length;
    const alike = lines.filter((line) => splitOutsideQuotes(line, separator).length === cells.length).length;
    const score = known * 1_000 + (alike / lines.length) * 100 + cells.length / 1_000;
    if (best === undefined || score > best.score) best = { separator, score };
  }
  if (best !== undefined) return best.separator;
  const pairs = lines.filter((line) => /^\S+ +\S+(?: +(?:30|60))?$/.test(line.trim())).length;
  return pairs * 2 > lines.length && !knowsHeading(first) ? ' ' : ',';
}

function splitOutsideQuotes(line: string, separator: string): readonly string[] {
  if (!line.includes('"')) return line.split(separator);
  const cells: string[] = [];
  let quoted = false;
  let cell = '';
  for (const character of line) {
    if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  cells.push(cell);
  return cells;
}
