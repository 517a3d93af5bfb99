// Cuts a JSON text into the elements of its lists, each with the line on which it starts, without holding the
// whole. What an element means is not known here.

import { contentRefusal } from './file-refusal.js';

/** No token comes near it. */
const MAX_ITEM_CHARACTERS = 65_536;

/** Deeper than any file that lists tokens. */
const MAX_DEPTH = 32;

/** An element of a list, or a plain value of an object on the way to one. */
export interface JsonItem {
  /** The keys on the way to the list, joined by dots: `value`, `db.entries`; empty for a list at the top. */
  readonly path: string;
  readonly value: unknown;
  readonly line: number;
  /** Whether it is an element of a list. */
  readonly listed: boolean;
}

interface Container {
  readonly kind: 'object' | 'array';
  /** The key of this container, empty for the outermost and in lists. */
  readonly path: string;
  key: string | undefined;
  expects: 'key' | 'colon' | 'value' | 'comma';
  empty: boolean;
}

/**
 * Reads a JSON text piece by piece. Objects that are elements of a list are handed over whole, and so are plain
 * values outside them; objects elsewhere are walked through.
 *
 * @example
 * const reader = new JsonItemReader();
 * reader.push('{"value":[{"serialNumber":"1"}]}'); // [{ path: 'value', value: { … }, line: 1, listed: true }]
 */
export class JsonItemReader {
  readonly #stack: Container[] = [];
  readonly #items: JsonItem[] = [];
  #line = 1;
  #done = false;
  /** The value that is being gathered, and how deep it is nested in itself. */
  #held:
    | { text: string; readonly line: number; depth: number; readonly kind: 'nested' | 'string' | 'word' }
    | undefined;
  #inString = false;
  #escaped = false;

  push(text: string): readonly JsonItem[] {
    let from = 0;
    for (let at = 0; at < text.length; at += 1) {
      const character = text.charAt(at);
      if (character === '\n') this.#line += 1;
      const held = this.#held;
      if (held === undefined) {
        if (this.#begin(character)) from = at;
        continue;
      }
      if (held.kind === 'word') {
        if (!/[\s,\]}]/.test(character)) continue;
        held.text += text.slice(from, at);
        this.#finish();
        if (this.#begin(character)) from = at;
        continue;
      }
      if (!this.#endsHeld(character, held)) continue;
      held.text += text.slice(from, at + 1);
      this.#finish();
    }
    const held = this.#held;
    if (held !== undefined) {
      held.text += text.slice(from);
      if (held.text.length > MAX_ITEM_CHARACTERS) {
        throw contentRefusal(
          `the entry that starts here is longer than ${MAX_ITEM_CHARACTERS} characters`,
          held.line,
        );
      }
    }
    return this.#items.splice(0);
  }

  end(): readonly JsonItem[] {
    if (this.#held?.kind === 'word') this.#finish();
    if (!this.#done || this.#held !== undefined) {
      throw contentRefusal('the JSON text ends before it is complete; was the file cut?', this.#line);
    }
    return this.#items.splice(0);
  }

  /** Follows strings and brackets within a value that is handed over whole. */
  #endsHeld(character: string, held: { depth: number; readonly kind: string }): boolean {
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (character === '\\') this.#escaped = true;
      else if (character === '"') {
        this.#inString = false;
        return held.kind === 'string';
      }
      return false;
    }
    if (character === '"') this.#inString = true;
    else if (character === '{' || character === '[') held.depth += 1;
    else if (character === '}' || character === ']') held.depth -= 1;
    return held.depth === 0;
  }

  /** A character between values. Answers whether a value begins with it that has to be gathered. */
  #begin(character: string): boolean {
    if (/[ \t\n\r]/.test(character)) return false;
    const top = this.#stack.at(-1);
    if (this.#done) throw this.#malformed();
    if (character === '}' || character === ']') {
      this.#close(top, character);
      return false;
    }
    if (top?.expects === 'comma') {
      if (character !== ',') throw this.#malformed();
      top.expects = top.kind === 'object' ? 'key' : 'value';
      return false;
    }
    if (top?.expects === 'colon') {
      if (character !== ':') throw this.#malformed();
      top.expects = 'value';
      return false;
    }
    if (top?.expects === 'key' && character !== '"') throw this.#malformed();
    if (top !== undefined) top.empty = false;
    return this.#beginValue(top, character);
  }

  #beginValue(top: Container | undefined, character: string): boolean {
    const opens = character === '{' || character === '[';
    if (opens && !(top?.kind === 'array' && character === '{')) {
      if (this.#stack.length >= MAX_DEPTH) {
        throw contentRefusal(`the JSON text is nested deeper than ${MAX_DEPTH} levels`, this.#line);
      }
      const kind = character === '{' ? 'object' : 'array';
      const path = [top?.path ?? '', top?.key ?? ''].filter((part) => part !== '').join('.');
      this.#stack.push({
        kind,
        path,
        key: undefined,
        expects: kind === 'object' ? 'key' : 'value',
        empty: true,
      });
      return false;
    }
    if (top === undefined) throw this.#malformed();
    const kind = opens ? 'nested' : character === '"' ? 'string' : 'word';
    this.#held = { text: '', line: this.#line, depth: opens ? 1 : 0, kind };
    this.#inString = kind === 'string';
    this.#escaped = false;
    return true;
  }

  #close(top: Container | undefined, character: string): void {
    const fits = top !== undefined && (character === '}') === (top.kind === 'object');
    if (!fits || !(top.expects === 'comma' || top.empty)) throw this.#malformed();
    this.#stack.pop();
    this.#valueEnded();
  }

  #finish(): void {
    const held = this.#held;
    const top = this.#stack.at(-1);
    if (held === undefined || top === undefined) throw this.#malformed();
    this.#held = undefined;
    if (held.text.length > MAX_ITEM_CHARACTERS) {
      throw contentRefusal(
        `the entry that starts here is longer than ${MAX_ITEM_CHARACTERS} characters`,
        held.line,
      );
    }
    const value = this.#parse(held.text, held.line);
    if (top.expects === 'key') {
      if (typeof value !== 'string') throw this.#malformed();
      top.key = value;
      top.expects = 'colon';
      return;
    }
    const listed = top.kind === 'array';
    const path = listed ? top.path : [top.path, top.key ?? ''].filter((part) => part !== '').join('.');
    this.#items.push({ path, value, line: held.line, listed });
    this.#valueEnded();
  }

  #valueEnded(): void {
    const top = this.#stack.at(-1);
    if (top === undefined) this.#done = true;
    else top.expects = 'comma';
  }

  #parse(text: string, line: number): unknown {
    try {
      return JSON.parse(text);
    } catch {
      // The message of the parser is dropped: it repeats the text, which holds keys.
      throw contentRefusal('what starts here is not JSON', line);
    }
  }

  #malformed(): Error {
    return contentRefusal('the text is not JSON at this line; was the file cut or joined?', this.#line);
  }
}
