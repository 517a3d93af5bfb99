// The summary on the screen: the report in about a dozen lines, cut to the width of the terminal. It
// returns text and writes nothing; what a row says in full stands in rows.csv.

import { formatDuration } from '../duration.js';
import type { Verdict } from '../reconcile/verdict.js';
import { headline, nextStep, type Tone } from './headline.js';
import { visible as withHiddenShown } from './hidden-characters.js';
import { countNeedingPerson, countVerdicts, firstNeedingPerson, type ReportInput } from './model.js';
import type { RunSummary } from './summary.js';
import { displayWidth, padEnd, truncateEnd, truncateStart } from './text-width.js';
import { countOf, formatNumber, VERDICT_ORDER, VERDICT_WORDS } from './words.js';

export interface TerminalOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
}

/** Rows that are shown; the others are counted. */
const ROWS_SHOWN = 10;

/** A sentence cut shorter than this says nothing; the code beside it then stands for it. */
const WORDS_MIN = 16;

const COLUMN_GAP = '  ';

/** Narrower than this nothing can be read, and lines are left to wrap. */
const WIDTH_MIN = 50;

/** Select Graphic Rendition codes (ECMA-48, 8.3.117). Colour repeats what the words say; it adds nothing. */
const SGR = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const;

type Style = keyof typeof SGR;
type Paint = (style: Style, text: string) => string;

const TONES: Readonly<Record<Tone, { readonly mark: string; readonly style: Style }>> = {
  good: { mark: '✓', style: 'green' },
  attention: { mark: '!', style: 'yellow' },
  stopped: { mark: '■', style: 'yellow' },
  failed: { mark: '✗', style: 'red' },
};

/** What cannot be seen is spelled out; and a pipeline that reads commands in the output (##vso[…]) finds none. */
function visible(text: string): string {
  return withHiddenShown(text).replaceAll('##', '# #');
}

function styleOf(verdict: Verdict): Style {
  if (VERDICT_WORDS[verdict].settled) return 'green';
  return verdict === 'unsent' ? 'dim' : 'yellow';
}

function painter(colour: boolean): Paint {
  if (!colour) return (_style, text) => text;
  return (style, text) => `\u001b[${SGR[style][0]}m${text}\u001b[${SGR[style][1]}m`;
}

/** Breaks a sentence at spaces; a word that is wider than the line is cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && displayWidth(last) + 1 + displayWidth(word) <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else {
      lines.push(truncateEnd(word, width));
    }
  }
  return lines;
}

function headlineLines(input: ReportInput, width: number, paint: Paint): readonly string[] {
  const { tone, sentence } = headline(input);
  const { mark, style } = TONES[tone];
  return wrap(sentence, width - 2).map(
    (line, i) => `${i === 0 ? paint(style, mark) : ' '} ${paint('bold', line)}`,
  );
}

/** Verdicts and facts stand in one column, as wide as the longest verdict. */
const LABEL_WIDTH = Math.max(...VERDICT_ORDER.map((verdict) => verdict.length));

/** The table of counts: one line for each verdict that was given, with what it means. */
function verdictLines(input: ReportInput, width: number, paint: Paint): readonly string[] {
  const { verdicts } = input.summary;
  const before = new Map(
    [...(input.summary.already === 0 ? [] : countVerdicts(input.rows))].flatMap(([verdict, { already }]) =>
      already === 0 ? [] : [[verdict, already] as const],
    ),
  );
  const table = VERDICT_ORDER.filter((verdict) => verdicts[verdict] > 0).map((verdict) => ({
    verdict,
    count: formatNumber(verdicts[verdict]),
    already: before.has(verdict) ? `(${formatNumber(before.get(verdict) ?? 0)} already)` : '',
  }));
  const countWidth = Math.max(0, ...table.map(({ count }) => count.length));
  const alreadyWidth = Math.max(0, ...table.map(({ already }) => already.length));
  const indent = 2 + LABEL_WIDTH + 2 + countWidth + 2 + (alreadyWidth > 0 ? alreadyWidth + 2 : 0);
  return table.map(({ verdict, count, already }) => {
    const label = paint(styleOf(verdict), padEnd(verdict, LABEL_WIDTH));
    const middle = alreadyWidth > 0 ? `${already.padStart(alreadyWidth)}  ` : '';
    const room = width - indent;
    const meaning = room < WORDS_MIN ? '' : truncateEnd(VERDICT_WORDS[verdict].meaning, room);
    const counts = `  ${label}  ${count.padStart(countWidth)}  ${middle}`;
    return meaning === '' ? counts.trimEnd() : `${counts}${paint('dim', meaning)}`;
  });
}

/** How near the run came to what the throttle allows; and where it was never felt, that there may be more. */
function boundText({ pace, throttled, writes }: RunSummary): string | undefined {
  if (writes === 0) return undefined;
  const ratio = pace.ratioToLeast;
  const near =
    pace.leastSeconds === null || ratio === null
      ? []
      : [
          `${ratio.toFixed(2)} × the ${formatDuration(pace.leastSeconds * 1_000)} that the throttle allows at the least`,
        ];
  const more =
    throttled === 0 && pace.finalPace !== null ? ['no 429 was seen: the service may allow more'] : [];
  const said = [...near, ...more];
  return said.length === 0 ? undefined : said.join('; ');
}

/** Which limits the service named, and how much of one was used: what it says goes to the screen as text only. */
function limitText({ limits = [], highestLimitShare: share }: RunSummary['pace']): string | undefined {
  const named = limits.map(({ scope, reason, count }) => {
    const which = [reason, scope === '' ? '' : `(${scope})`].filter((part) => part !== '').join(' ');
    return `${visible(which)} × ${formatNumber(count)}`;
  });
  const used = share === undefined ? [] : [`up to ${Math.round(share * 100)} % of a limit used`];
  const said = [...named, ...used];
  return said.length === 0 ? undefined : said.join('; ');
}

/** What went through in a second, and what was allowed at the end. */
function paceText({ pace, writes }: RunSummary): string | undefined {
  if (writes === 0) return undefined;
  const end = pace.finalPace === null ? '' : `, ${formatNumber(pace.finalPace)}/s allowed at the end`;
  return `${formatNumber(pace.acceptedPerSecond)} accepted/s${end}`;
}

function factLines(input: ReportInput, width: number): readonly string[] {
  const { summary, findings } = input;
  const kinds = Object.entries(summary.findings).filter(([, count]) => count > 0);
  const found = kinds.map(([kind, count]) => `${kind} ${formatNumber(count)}`).join(', ');
  const throttling = [
    countOf(summary.requests, 'request'),
    `${formatNumber(summary.throttled)} × 429`,
    `${formatNumber(summary.pace.gateSeconds)} s at the gate`,
  ].join(', ');
  const optional = (label: string, said: string | undefined): readonly (readonly [string, string])[] =>
    said === undefined ? [] : [[label, said]];
  const facts: readonly (readonly [string, string])[] = [
    ...(findings.length > 0 ? [['findings', found] as const] : []),
    ['throttling', throttling],
    ...optional('limits', limitText(summary.pace)),
    ...optional('pace', paceText(summary)),
    ...optional('bound', boundText(summary)),
    ['duration', formatDuration(Date.parse(summary.endedAt) - Date.parse(summary.startedAt))],
  ];
  return facts.flatMap(([label, text]) =>
    wrap(text, width - LABEL_WIDTH - 4).map(
      (line, i) => `  ${padEnd(i === 0 ? label : '', LABEL_WIDTH)}  ${line}`,
    ),
  );
}

/** The first rows that need a person, a line each. The detail gets what the other columns leave. */
function rowLines(input: ReportInput, width: number, paint: Paint): readonly string[] {
  const needing = firstNeedingPerson(input, ROWS_SHOWN);
  if (needing.length === 0) return [];
  const rows = needing.map((row) => ({
    place: `${visible(row.file)}:${row.line}`,
    serial: visible(row.serialNumber),
    verdict: row.verdict,
    reason: visible(row.reason),
    detail: visible(row.detail),
  }));
  const widest = (texts: readonly string[], most: number): number =>
    Math.min(most, Math.max(...texts.map((text) => displayWidth(text))));
  const serialWidth = widest(
    rows.map(({ serial }) => serial),
    Math.floor(width * 0.2),
  );
  const verdictWidth = widest(
    rows.map(({ verdict }) => verdict),
    width,
  );
  const reasonWidth = widest(
    rows.map(({ reason }) => reason),
    Math.floor(width * 0.25),
  );
  const left = width - 2 - serialWidth - verdictWidth - reasonWidth - 3 * COLUMN_GAP.length;
  const placeWidth = widest(
    rows.map(({ place }) => place),
    Math.min(left, Math.ceil(width * 0.45)),
  );
  const detailWidth = left - placeWidth - COLUMN_GAP.length;
  const lines = rows.map(({ place, serial, verdict, reason, detail }) => {
    const cells = [
      padEnd(truncateStart(place, placeWidth), placeWidth),
      padEnd(truncateEnd(serial, serialWidth), serialWidth),
      padEnd(verdict, verdictWidth),
      padEnd(truncateEnd(reason, reasonWidth), reasonWidth),
      detailWidth < WORDS_MIN ? '' : truncateEnd(detail, detailWidth),
    ];
    return `  ${cells.join(COLUMN_GAP)}`.trimEnd();
  });
  const more = countNeedingPerson(input) - rows.length;
  return [
    '',
    ...lines,
    ...(more > 0 ? [paint('dim', `  … and ${formatNumber(more)} more in rows.csv`)] : []),
  ];
}

function nextLines(input: ReportInput, width: number, paint: Paint): readonly string[] {
  const step = nextStep(input);
  if (step === undefined) return [];
  const why = wrap(step.why, width - 2).map((line) => paint('dim', `  ${line}`));
  return ['', `  Next: ${paint('bold', visible(step.command))}`, ...why];
}

/** The story of the run, ready to be written to the screen; it ends in a line end. */
export function summaryTable(input: ReportInput, options: TerminalOptions): string {
  const width = Math.max(options.width, WIDTH_MIN);
  const paint = painter(options.colour);
  return `${[
    ...headlineLines(input, width, paint),
    '',
    ...verdictLines(input, width, paint),
    ...factLines(input, width),
    ...rowLines(input, width, paint),
    ...nextLines(input, width, paint),
  ].join('\n')}\n`;
}
