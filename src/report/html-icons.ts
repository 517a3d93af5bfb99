// The pictures of the HTML report, drawn once as SVG symbols and used by reference. Each goes with a
// word, so that nothing is told by colour or shape alone.

import { html, type Markup } from './html-escape.js';

/** Every symbol has the id `icon-…`; the strokes take the colour of the text around them. */
export const ICON_SHEET: Markup = html`<svg class="sheet" aria-hidden="true" focusable="false" width="0" height="0">
<defs>
<symbol id="icon-good" viewBox="0 0 16 16"><path d="M3 8.5 6.5 12 13 4.5"/></symbol>
<symbol id="icon-attention" viewBox="0 0 16 16"><path d="M8 2.5v7M8 13v.5"/></symbol>
<symbol id="icon-stopped" viewBox="0 0 16 16"><path d="M5.5 3.5v9M10.5 3.5v9"/></symbol>
<symbol id="icon-failed" viewBox="0 0 16 16"><path d="m4 4 8 8M12 4l-8 8"/></symbol>
<symbol id="icon-activated" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="m5.2 8.3 2 2 3.7-4.2"/></symbol>
<symbol id="icon-assigned" viewBox="0 0 16 16"><circle cx="6.2" cy="5" r="2.6"/><path d="M1.5 13.5c.3-2.9 2-4.4 4.7-4.4 1.3 0 2.4.4 3.2 1.1M10 12l1.7 1.7 3-3.4"/></symbol>
<symbol id="icon-in-inventory" viewBox="0 0 16 16"><path d="M2 5.2 8 2l6 3.2v5.6L8 14l-6-3.2zM2 5.2l6 3.1 6-3.1M8 8.3V14"/></symbol>
<symbol id="icon-deleted" viewBox="0 0 16 16"><path d="M2.5 4.5h11M6 4.5V2.8h4v1.7M4 4.5l.7 9h6.6l.7-9M6.8 7.2v3.8M9.2 7.2v3.8"/></symbol>
<symbol id="icon-conflict" viewBox="0 0 16 16"><path d="M1.8 5.5h9.4M8.6 2.8l2.7 2.7-2.7 2.7M14.2 10.5H4.8M7.4 7.8l-2.7 2.7 2.7 2.7"/></symbol>
<symbol id="icon-rejected" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="m5.6 5.6 4.8 4.8M10.4 5.6l-4.8 4.8"/></symbol>
<symbol id="icon-invalid" viewBox="0 0 16 16"><path d="M8 2 14.5 13.5h-13zM8 6.3v3.4M8 11.6v.2"/></symbol>
<symbol id="icon-unknown" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25"/><path d="M6.1 6.3c.2-2.6 4-2.3 3.8 0-.1 1.2-1.8 1.3-1.9 2.7M8 11.2v.2"/></symbol>
<symbol id="icon-unsent" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6.25" stroke-dasharray="2.4 2"/><path d="M6.3 5.8v4.4M9.7 5.8v4.4"/></symbol>
</defs>
</svg>`;

/** A picture that stands beside a word; screen readers pass over it. */
export function icon(name: string): Markup {
  return html`<svg class="icon" aria-hidden="true" focusable="false"><use href="#icon-${name}"/></svg>`;
}
