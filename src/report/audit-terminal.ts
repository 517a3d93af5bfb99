// The summary of an audit on the screen, as text; it writes nothing.

import { formatDuration } from '../duration.js';
import { figuresOf } from './audit-model.js';
import { headline, nextStep } from './headline.js';
import { visible } from './hidden-characters.js';
import type { ReportInput } from './model.js';
import { truncateEnd } from './text-width.js';
import { countOf, FINDING_ORDER, formatNumber } from './words.js';

const MAKES_SHOWN = 5;
const FINDINGS_SHOWN = 10;
const LABEL_WIDTH = 20;

/** Standing in a pipeline's output, no text of the tenant becomes a command of it. */
function line(text: string, width: number): string {
  return truncateEnd(visible(text).replaceAll('##', '# #'), width);
}

function counted(label: string, count: number, meaning: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)} ${formatNumber(count).padStart(9)}  ${meaning}`.trimEnd();
}

/** The audit in about two dozen lines, cut to the width of the terminal. */
export function auditTable(input: ReportInput, width: number): string {
  const { summary, findings } = input;
  const { tone, sentence } = headline(input);
  const { states, holders, makes } = figuresOf(input);
  const near = holders.length;
  const step = nextStep(input);
  const unused = states.neverUsed > 0 ? `; of ${formatNumber(states.neverUsed)} no use is known` : '';
  const failed = states.failed > 0 ? `; ${formatNumber(states.failed)} failed to activate` : '';
  return [
    `${tone === 'good' ? '✓' : '!'} ${sentence}`,
    '',
    counted('activated', states.activated, `in use${unused}`),
    counted('assigned', states.assigned, `held, not activated${failed}`),
    counted('in stock', states.inInventory, 'held by nobody'),
    counted(
      'users',
      states.users,
      near === 0 ? '' : `${formatNumber(near)} of them hold four tokens or more`,
    ),
    `  ${'took'.padEnd(LABEL_WIDTH)} ${formatDuration(Date.parse(summary.endedAt) - Date.parse(summary.startedAt)).padStart(9)}  ${countOf(summary.requests, 'request')}, ${formatNumber(summary.throttled)} × 429`,
    ...(makes.length === 0 ? [] : ['']),
    ...makes.slice(0, MAKES_SHOWN).map(({ manufacturer, model, timeInterval, hashFunction, tokens }) => {
      const kind = [timeInterval === null ? '' : `${timeInterval} s`, hashFunction]
        .filter(Boolean)
        .join(', ');
      return `  ${formatNumber(tokens).padStart(LABEL_WIDTH + 10)}  ${manufacturer} ${model} (${kind})`;
    }),
    ...(makes.length > MAKES_SHOWN ? [`  … and ${formatNumber(makes.length - MAKES_SHOWN)} more makes`] : []),
    ...(findings.length === 0 ? [] : ['']),
    ...FINDING_ORDER.filter((kind) => summary.findings[kind] > 0).map((kind) =>
      counted(kind, summary.findings[kind], ''),
    ),
    ...(findings.length === 0 ? [] : ['']),
    ...findings
      .slice(0, FINDINGS_SHOWN)
      .map(({ kind, serialNumber, detail }) => `  ${kind}  ${serialNumber}  ${detail}`),
    ...(findings.length > FINDINGS_SHOWN
      ? [`  … and ${formatNumber(findings.length - FINDINGS_SHOWN)} more in findings.csv`]
      : []),
    ...(step === undefined ? [] : ['', `  Next: ${step.command}`, `  ${step.why}`]),
  ]
    .map((text) => line(text, width))
    .join('\n');
}
