// Finds the columns of a CSV file by the names in its heading, whatever their order and spelling.
// It never repeats a cell that it does not know: the first line of a file without a heading is data,
// and data holds secrets.

/** A column that a layout may have. */
export interface HeadingRule {
  /** The name in messages, and the key of the column once it has been found. */
  readonly name: string;
  /** Other names that mean the same column. */
  readonly aliases?: readonly string[];
  readonly required: boolean;
}

/** What is wrong with a heading line. */
export interface HeadingProblem {
  readonly key?: string;
  readonly message: string;
}

export type HeadingMatch =
  | {
      readonly ok: true;
      /** Column index by the rule's name. */
      readonly columns: ReadonlyMap<string, number>;
      /** Numbers, from 1, of named columns that no rule knows. */
      readonly unknown: readonly number[];
    }
  | { readonly ok: false; readonly problems: readonly HeadingProblem[] };

/**
 * A heading as it is compared: vendors write `time interval`, `timeinterval`, `Time_Interval`
 * (formats.md, section 1).
 */
export function normaliseHeading(cell: string): string {
  return cell
    .trim()
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

/**
 * Matches a heading line with a layout's columns.
 *
 * @example
 * matchHeadings(['Serial Number', 'user'], rules, 'serial number,user');
 * // { ok: true, columns: Map { 'serial number' => 0, 'user' => 1 }, unknown: [] }
 */
export function matchHeadings(
  header: readonly string[],
  rules: readonly HeadingRule[],
  expected: string,
): HeadingMatch {
  const ruleOf = new Map<string, HeadingRule>();
  for (const rule of rules) {
    for (const name of [rule.name, ...(rule.aliases ?? [])]) ruleOf.set(normaliseHeading(name), rule);
  }

  const columns = new Map<string, number>();
  const unknown: number[] = [];
  const problems: HeadingProblem[] = [];
  header.forEach((cell, index) => {
    const heading = normaliseHeading(cell);
    if (heading === '') return;
    const rule = ruleOf.get(heading);
    if (rule === undefined) {
      unknown.push(index + 1);
      return;
    }
    const first = columns.get(rule.name);
    if (first === undefined) {
      columns.set(rule.name, index);
      return;
    }
    problems.push({
      key: rule.name,
      message: `columns ${first + 1} and ${index + 1} both hold the ${rule.name}; keep one of them`,
    });
  });

  const missing = rules.filter((rule) => rule.required && !columns.has(rule.name));
  if (missing.length > 0) problems.push({ message: missingMessage(header, columns, missing, expected) });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, columns, unknown };
}

function missingMessage(
  header: readonly string[],
  columns: ReadonlyMap<string, number>,
  missing: readonly HeadingRule[],
  expected: string,
): string {
  const names = missing.map((rule) => `'${rule.name}'`).join(', ');
  const tail = `; expected is ${expected}, in any order`;
  if (columns.size > 0) {
    const found = [...columns.keys()].map((name) => `'${name}'`).join(', ');
    return `the heading has no column ${names} (found: ${found})${tail}`;
  }
  return `the first line is not a heading: none of its cells (${header.length}) is a known column name${tail}`;
}
