// The bytes of an answer that is a page of a list, in memory that is used again for the page after the next: a text of a
// page is so large that V8 takes new memory for each, which costs more than to read it.

import { parseJson } from './error-body.js';
import type { ListedPage } from './listed-page.js';
import { PageScanner } from './page-scanner.js';

/** Room at first: a page of a few tokens. */
const BYTES_FIRST = 16_384;

/** https://encoding.spec.whatwg.org/#utf-8-decode */
const BYTE_ORDER_MARK = 0xfeff;

export class PageBytes {
  readonly #scanner: PageScanner;
  #bytes = Buffer.allocUnsafeSlow(BYTES_FIRST);
  #length = 0;

  /** @param fields - members of the items that are wanted, as of {@link PageScanner}. */
  constructor(fields: readonly string[]) {
    this.#scanner = new PageScanner(fields);
  }

  /** Begins anew: what was made of these bytes is of no use any more. */
  clear(): void {
    this.#length = 0;
  }

  add(piece: Uint8Array): void {
    const end = this.#length + piece.length;
    if (end > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    this.#bytes.set(piece, this.#length);
    this.#length = end;
  }

  /** The page, or what else the JSON is; `undefined` when it is no JSON. */
  read(): { readonly value: unknown } | undefined {
    const page: ListedPage | undefined = this.#scanner.scan(this.#bytes, this.#length);
    return page === undefined
      ? parseJson(withoutMark(this.#bytes.toString('utf8', 0, this.#length)))
      : { value: page };
  }
}

/** A text without the mark that may stand before it. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
}
