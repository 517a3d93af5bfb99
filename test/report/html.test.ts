// What report.html promises before a browser opens it: bytes, policy, escaping, and what stands in it.

import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { htmlChunks, renderHtml } from '../../src/report/html.js';
import { html, jsonForScript } from '../../src/report/html-escape.js';
import { PAGE_ROWS_MAX } from '../../src/report/html-rows.js';
import { STYLE } from '../../src/report/html-style.js';
import { HOSTILE } from './hostile.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const EVIL = HOSTILE.join(' ');

function between(text: string, from: string, to: string): string {
  const start = text.indexOf(from);
  const end = text.indexOf(to, start + from.length);
  expect(start, `${from} is in the page`).toBeGreaterThanOrEqual(0);
  return text.slice(start + from.length, end);
}

function dataOf(page: string): { readonly rows: readonly (readonly unknown[])[] } {
  const text = between(page, '<script type="application/json" id="report-data">', '</script>');
  return z.object({ rows: z.array(z.array(z.unknown())) }).parse(JSON.parse(text));
}

describe('the html template', () => {
  it('escapes text, inside elements and quoted attributes alike', () => {
    expect(String(html`<a title="${'"\'<>&'}">${'</a><script>'}</a>`)).toBe(
      '<a title="&quot;&#39;&lt;&gt;&amp;">&lt;/a&gt;&lt;script&gt;</a>',
    );
  });

  it('takes markup of its own as it is, and joins lists', () => {
    expect(String(html`<ul>${['<', 'b'].map((text) => html`<li>${text}</li>`)}</ul>`)).toBe(
      '<ul><li>&lt;</li><li>b</li></ul>',
    );
    expect(String(html`${1}${html``}${[]}`)).toBe('1');
  });

  it('spells out characters that HTML would drop or obey', () => {
    expect(String(html`${'a\u0000b\u202Ec'}`)).toBe('a⟨U+0000⟩b⟨U+202E⟩c');
  });

  it('is not fooled by an object that looks like markup', () => {
    const text = z.string().parse(JSON.parse('"<b>"'));
    expect(String(html`${text}`)).toBe('&lt;b&gt;');
  });

  it('writes JSON in which no tag or comment can begin', () => {
    for (const text of HOSTILE) {
      const json = jsonForScript([text]);
      expect(json).not.toContain('<');
      expect(JSON.parse(json)).toEqual([text]);
    }
  });
});

describe('report.html', () => {
  const page = renderHtml(sampleReport());

  it('is the same to the byte when it is made twice', () => {
    expect(renderHtml(sampleReport())).toBe(page);
    expect([...htmlChunks(sampleReport())].length).toBeGreaterThan(3);
  });

  it('allows by its policy exactly the style and the script that it holds', () => {
    const policy = between(page, 'http-equiv="Content-Security-Policy" content="', '"').replaceAll(
      '&#39;',
      "'",
    );
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash(between(page, '<style>', '</style>'))}`,
      `script-src ${hash(between(page, '<script>', '</script>'))}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<style>'));
  });

  it('points to nothing outside itself, and has no inline handler or style', () => {
    const markup = page.slice(0, page.indexOf('<script type="application/json"'));
    expect(
      [...markup.matchAll(/\s(?:src|href|action)="([^"]*)"/g)].filter(
        ([, url]) => url?.startsWith('#') !== true,
      ),
    ).toEqual([]);
    expect(markup).not.toMatch(/<(?:link|img|iframe|object|embed|base)\b/);
    expect(markup).not.toMatch(/<[^>]*\s(?:on\w+|style)=/);
    expect(STYLE).not.toMatch(/url\(|@import|<\//);
  });

  it('says first whether it worked, and what to type next', () => {
    expect(between(page, '<h1>', '</h1>')).toMatch(/^Finished, and \d+ rows and 4 findings need a person; /);
    expect(page).toContain('<code class="command">oathbatch run jobs/onboarding.yaml</code>');
    const good = renderHtml(sampleReport({ story: 'good' }));
    expect(between(good, '<h1>', '</h1>')).toMatch(/^All 300 rows are as they should be; /);
    expect(good).not.toContain('Type next');
    expect(good).not.toContain('What needs a person');
  });

  it('tells the facts of the run', () => {
    const { summary } = sampleReport();
    for (const fact of [
      summary.runId,
      summary.job,
      summary.graph,
      summary.startedAt,
      summary.endedAt,
      '1 min 34 s',
      '1,204, of them 548 writes',
      '18.6 a second',
      ...summary.inputs.flatMap(({ path, sha256 }) => [path, sha256]),
    ]) {
      expect(page).toContain(fact);
    }
  });

  it('draws the bar in proportion, and shows even one row among very many', () => {
    const rows = Array.from({ length: 20_000 }, (_, n) =>
      sampleRow({ n, verdict: n === 7 ? 'conflict' : 'activated' }),
    );
    const bar = between(renderHtml(reportOf(rows)), '<svg class="bar"', '</svg>');
    const rects = [...bar.matchAll(/class="(\S+)" x="([\d.]+)" width="([\d.]+)"/g)].map(
      ([, name, x, width]) => [name, x, width],
    );
    expect(rects).toEqual([
      ['activated', '0.00', '991.00'],
      ['conflict', '994.00', '6.00'],
    ]);
  });

  it('holds every row as data, those that need a person first', () => {
    const { rows } = sampleReport();
    const data = dataOf(page).rows;
    expect(data).toHaveLength(rows.length);
    const needing = rows.filter((row) =>
      ['conflict', 'rejected', 'invalid', 'unknown'].includes(row.verdict),
    );
    expect(data.slice(0, needing.length).map((cells) => cells[0])).toEqual(needing.map((row) => row.n));
  });

  it('has the rows that need a person as plain markup too, two hundred at most', () => {
    const rows = Array.from({ length: 230 }, (_, n) => sampleRow({ n, line: n + 2, verdict: 'invalid' }));
    const many = renderHtml(reportOf(rows));
    expect(many.match(/<tr id="row-\d+">/g)).toHaveLength(200);
    expect(many).toContain('230 rows that need a person');
    expect(many).toContain('… and 30 more in rows.csv.');
  });

  it('says where the others are when there are more rows than a browser holds', () => {
    const rows = Array.from({ length: PAGE_ROWS_MAX + 5 }, (_, n) =>
      sampleRow({ n, verdict: n === PAGE_ROWS_MAX + 4 ? 'unknown' : 'activated' }),
    );
    const many = renderHtml(reportOf(rows));
    expect(many).toContain('The other 5 are in rows.csv.');
    const data = dataOf(many).rows;
    expect(data).toHaveLength(PAGE_ROWS_MAX);
    expect(data[0]?.[0]).toBe(PAGE_ROWS_MAX + 4);
  });

  it('is whole for a run without rows', () => {
    const empty = renderHtml(reportOf([], [], { inputs: [] }));
    expect(empty).toContain('there were no rows to work on');
    expect(dataOf(empty).rows).toEqual([]);
    expect(empty).not.toContain('NaN');
  });

  it('lets nothing in the input become markup', () => {
    const row = sampleRow({
      verdict: 'conflict',
      file: EVIL,
      serialNumber: EVIL,
      user: EVIL,
      reason: EVIL,
      detail: EVIL,
      next: EVIL,
      deviceId: EVIL,
      userId: EVIL,
      clientRequestId: EVIL,
      requestId: EVIL,
    });
    const finding = {
      kind: 'hash-mismatch',
      serialNumber: EVIL,
      deviceId: EVIL,
      file: EVIL,
      line: 1,
      detail: EVIL,
      next: EVIL,
    } as const;
    const inputs = [{ role: EVIL, path: EVIL, sha256: EVIL, rows: 1 }];
    const evil = {
      runId: EVIL,
      job: EVIL,
      jobFile: EVIL,
      kind: EVIL,
      graph: EVIL,
      tool: EVIL,
      startedAt: EVIL,
      endedAt: EVIL,
      inputs,
    };
    const text = renderHtml(reportOf([row], [finding], evil));
    const tags = (of: string): readonly string[] =>
      [
        ...new Set(
          [...of.replace(/<script>[\s\S]*<\/script>/, '').matchAll(/<([a-z!][\w-]*)/gi)].map(
            ([, name]) => name ?? '',
          ),
        ),
      ].sort();
    expect(tags(text)).toEqual(tags(page));
    expect(text.match(/<script\b/g)).toHaveLength(2);
    expect(text.match(/<\/script>/g)).toHaveLength(2);
    expect(dataOf(text).rows[0]?.[3]).toBe(EVIL);
  });
});

describe('the colours of the page', () => {
  const palettes = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, body = '']) =>
      new Map(
        [...body.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name = '', hex = '']) => [name, hex]),
      ),
  );

  function luminance(hex: string): number {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }

  /** https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
  function contrast(palette: ReadonlyMap<string, string>, one: string, other: string): number {
    const [low = 0, high = 0] = [one, other]
      .map((name) => luminance(palette.get(name) ?? ''))
      .sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  }

  it('come in a light, a dark and a printed palette', () => {
    expect(palettes).toHaveLength(3);
  });

  it('give text a contrast of 4.5 and pictures one of 3 on every ground they stand on', () => {
    for (const palette of palettes) {
      for (const ground of ['page', 'card', 'head', 'mark', 'code', 'field']) {
        for (const text of ['text', 'soft', 'link']) {
          expect(contrast(palette, text, ground), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5);
        }
        for (const name of palette.keys()) {
          if (!['page', 'card', 'line', 'mark', 'code', 'head', 'field'].includes(name)) {
            expect(contrast(palette, name, ground), `${name} on ${ground}`).toBeGreaterThanOrEqual(3);
          }
        }
      }
    }
  });
});
