// The `html` tagged template: whatever is put into it is escaped, unless it is itself made by `html`.
// It is the only way in which the report makes markup out of values; it knows nothing about the report.

import { visible } from './hidden-characters.js';

/** Markup that is safe to write as it stands. Only this file makes one. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/** What may stand in a `${…}`: text is escaped, markup is not, and lists are joined without a separator. */
type Interpolation = string | number | Markup | readonly Interpolation[];

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

const SPECIAL = /[&<>"']/g;

/** HTML would drop or obey characters that cannot be seen, so they are spelled out first. */
function escapeText(text: string): string {
  return visible(text).replace(SPECIAL, (found) => ENTITIES.get(found) ?? found);
}

function render(value: Interpolation): string {
  if (typeof value === 'string') return escapeText(value);
  if (typeof value === 'number') return String(value);
  if (value instanceof Markup) return value.toString();
  return value.map(render).join('');
}

/**
 * Markup from a template, safe as text and inside quoted attributes. It is not for the inside of a
 * script or style element, where entities mean nothing.
 *
 * @example
 * html`<td title="${name}">${name}</td>`
 */
export function html(parts: TemplateStringsArray, ...values: readonly Interpolation[]): Markup {
  return new Markup(parts.reduce((text, part, i) => text + render(values[i - 1] ?? '') + part));
}

/** A value as JSON that can stand inside a script element: without `<` no tag or comment can begin in it. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
