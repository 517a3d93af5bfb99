// Cuts an XML text into records: the elements directly below a few containers, each as a small tree, without
// holding the rest. No document type, no entities but XML's own five, and a bound on everything.

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { contentRefusal } from './file-refusal.js';

/** Deeper than any file that lists tokens. */
const MAX_DEPTH = 32;

/** Elements of one record; a key package has some forty. */
const MAX_ELEMENTS = 1_000;

/** Characters between two tags, or within one. */
const MAX_CHARACTERS = 262_144;

/** An element by its local name: files use all kinds of prefixes for the same namespace. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** The text directly in it. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/**
 * @example
 * const reader = new XmlRecordReader(new Set(['KeyContainer']));
 * reader.push('<KeyContainer><KeyPackage>…</KeyPackage>'); // [{ name: 'KeyPackage', … }]
 */
export class XmlRecordReader {
  readonly #containers: ReadonlySet<string>;
  readonly #parser = new SaxesParser({ xmlns: true });
  /** Elements that are open, those of the record only. */
  readonly #open: OpenElement[] = [];
  readonly #records: XmlElement[] = [];
  /** How many containers are open around the record. */
  #around = 0;
  #elements = 0;
  #sinceTag = 0;

  /** @param containers - local names of the elements that are walked through. */
  constructor(containers: ReadonlySet<string>) {
    this.#containers = containers;
    const parser = this.#parser;
    parser.on('doctype', () => {
      throw contentRefusal('the XML has a document type (DTD), which is not read', parser.line);
    });
    // What is malformed, or an entity of its own. The parser's message is dropped: it may repeat the text.
    parser.on('error', () => {
      throw contentRefusal('the text is not well-formed XML at this line; was the file cut?', parser.line);
    });
    parser.on('opentag', (tag) => this.#opened(tag));
    parser.on('closetag', () => this.#closed());
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
  }

  /** @throws {FileRefusal} when the text is not XML as it should be. */
  push(text: string): readonly XmlElement[] {
    this.#sinceTag += text.length;
    this.#parser.write(text);
    if (this.#sinceTag > MAX_CHARACTERS + text.length) {
      throw contentRefusal(`the element is longer than ${MAX_CHARACTERS} characters`, this.#parser.line);
    }
    return this.#records.splice(0);
  }

  end(): readonly XmlElement[] {
    this.#parser.close();
    return this.#records.splice(0);
  }

  #opened(tag: SaxesTagNS): void {
    this.#sinceTag = 0;
    if (this.#open.length === 0 && this.#containers.has(tag.local)) {
      this.#around += 1;
      if (this.#around > MAX_DEPTH) throw this.#tooDeep();
      return;
    }
    this.#elements = this.#open.length === 0 ? 1 : this.#elements + 1;
    if (this.#open.length >= MAX_DEPTH) throw this.#tooDeep();
    if (this.#elements > MAX_ELEMENTS) {
      throw contentRefusal(`an entry has more than ${MAX_ELEMENTS} elements`, this.#parser.line);
    }
    const attributes = attributesOf(tag);
    this.#open.push({ name: tag.local, attributes, children: [], text: '', line: this.#parser.line });
  }

  #closed(): void {
    this.#sinceTag = 0;
    const element = this.#open.pop();
    if (element === undefined) {
      this.#around -= 1;
      return;
    }
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#records.push(element);
    else parent.children.push(element);
  }

  #text(text: string): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.text += text;
  }

  #tooDeep(): Error {
    return contentRefusal(`the XML is nested deeper than ${MAX_DEPTH} levels`, this.#parser.line);
  }
}

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map();

/** Most elements have none, and share one empty map. */
function attributesOf({ attributes }: SaxesTagNS): ReadonlyMap<string, string> {
  const all = Object.values(attributes);
  return all.length === 0 ? NO_ATTRIBUTES : new Map(all.map(({ local, value }) => [local, value]));
}

/** The first element of this name directly in another. */
export function childOf(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((child) => child.name === name);
}

/** The trimmed text of an element that is reached by these names, one below the other. */
export function textAt(element: XmlElement | undefined, ...names: readonly string[]): string {
  const found = names.reduce<XmlElement | undefined>(childOf, element);
  return found?.text.trim() ?? '';
}
