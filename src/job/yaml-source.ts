// A YAML text that remembers where everything stands, so that a complaint can name line and column.

import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../errors.js';

/** Where a value stands in a document: keys and indexes from the top. */
export type KeyPath = readonly (string | number)[];

/** Both 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export class YamlSource {
  readonly #file: string;
  readonly #text: string;
  readonly #document: Document;
  readonly #lines = new LineCounter();
  readonly #problems: Problem[];
  readonly #value: unknown;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    const { errors, warnings } = this.#document;
    // What the parser says after its first complaint about a line is mostly a consequence.
    const byLine = new Map<number | undefined, Problem>();
    for (const error of [...errors, ...warnings]) {
      const problem = this.#problem(error.pos[0], error.code);
      if (!byLine.has(problem.line)) byLine.set(problem.line, problem);
    }
    this.#problems = [...byLine.values()];
    if (this.#problems.length === 0) this.#value = this.#toValue();
  }

  /** What keeps the text from being read. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The text as plain values; `undefined` when there are problems. */
  get value(): unknown {
    return this.#value;
  }

  /** Where a value stands; where its nearest parent stands when it is not there. */
  placeOf(path: KeyPath): Place {
    for (let length = path.length; length > 0; length -= 1) {
      const node = this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return this.#at(node.range[0]);
    }
    return this.#at(this.#document.contents?.range?.[0] ?? 0);
  }

  /** Where the name of a key stands. */
  placeOfKey(path: KeyPath): Place {
    const parent =
      path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)));
      if (isScalar(pair?.key) && pair.key.range) return this.#at(pair.key.range[0]);
    }
    return this.placeOf(path);
  }

  #toValue(): unknown {
    try {
      return this.#document.toJS();
    } catch {
      // The parser refuses to unfold aliases without end ("billion laughs").
      this.#problems.push({
        file: this.#file,
        line: 1,
        message: 'the aliases in the file unfold without end',
      });
      return undefined;
    }
  }

  #problem(offset: number, code: string): Problem {
    const place = this.#at(offset);
    const written = this.#text.split(/\r?\n/)[place.line - 1] ?? '';
    // `{ clientSecret: ${NAME} }` is not YAML: inside braces a brace ends the text.
    const message = /\{.*\$\{/.test(written)
      ? `inside { } a reference has to stand in quotes: "\${NAME}"`
      : (SENTENCES[code] ?? 'this is not YAML');
    return { file: this.#file, ...place, message };
  }

  #at(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

/**
 * By the parser's codes (https://eemeli.org/yaml/#errors). Its own sentences repeat the text, which may
 * hold a secret that does not belong there.
 */
const SENTENCES: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias names an anchor that is not there',
  BAD_DQ_ESCAPE: 'a backslash in double quotes starts no known sign; use single quotes or forward slashes',
  BAD_INDENT: 'a bracket above is not closed, or the line is not indented like its neighbours',
  BLOCK_AS_IMPLICIT_KEY:
    'a second key stands on one line, or below in the wrong place; put a text with a colon into quotes',
  BAD_SCALAR_START: 'a text that starts with this sign has to stand in quotes',
  DUPLICATE_KEY: 'the key stands twice',
  MISSING_CHAR: 'a sign is missing here: a quote, a comma, a colon or a closing bracket',
  MULTILINE_IMPLICIT_KEY: 'a key goes over several lines; is a colon or an indentation missing?',
  MULTIPLE_DOCS: 'the file holds several documents (---); a job is one',
  TAB_AS_INDENT: 'the line is indented with a tab; YAML takes spaces only',
  TAG_RESOLVE_FAILED: 'a tag (!name) is not known; job files have none',
  UNEXPECTED_TOKEN: 'this is not expected here; is a quote missing?',
};
