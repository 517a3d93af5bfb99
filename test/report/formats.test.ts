// The formats that programs read: findings.csv, junit.xml, annotations, metrics and summary.json. Each is read
// as its reader would, with a report that holds everything hostile.

import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'csv-parse/sync';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/reconcile/verdict.js';
import { azureAnnotations, githubAnnotations, gitlabCodeQuality } from '../../src/report/annotations.js';
import { FINDINGS_CSV_COLUMNS, findingsCsv } from '../../src/report/findings-csv.js';
import { junitXml } from '../../src/report/junit.js';
import { metricsText } from '../../src/report/metrics.js';
import { needsPerson } from '../../src/report/model.js';
import { summaryJsonSchemaText } from '../../src/report/summary-schema.js';
import { summaryTable } from '../../src/report/terminal.js';
import { HOSTILE } from './hostile.js';
import { reportOf, sampleReport, sampleRow } from './sample-report.js';

const COMMANDS = [
  '##vso[task.setvariable variable=x]y',
  '##[error]x',
  '::error::x',
  '\n::set-output name=x::y',
  '\r\n##vso[task.complete result=Succeeded;]',
  ']]>',
  '%0A::error::x',
];

const NASTY = [...HOSTILE, ...COMMANDS];

const finding = (text: string): Finding => ({
  kind: 'model-mismatch',
  serialNumber: text,
  deviceId: text,
  file: text,
  line: 3,
  detail: text,
  next: text,
});

const hostile = reportOf(
  NASTY.map((text, n) =>
    sampleRow({
      n,
      verdict: 'rejected',
      reason: 'refused',
      file: text,
      serialNumber: text,
      user: text,
      detail: text,
      next: text,
    }),
  ),
  NASTY.map(finding),
);

describe('findings.csv', () => {
  it('has a line for each finding, with the columns of the manual', () => {
    const { findings } = sampleReport();
    const text = [...findingsCsv(findings)].join('');
    expect(FINDINGS_CSV_COLUMNS).toEqual([
      'finding',
      'serial_number',
      'device_id',
      'user_id',
      'file',
      'line',
      'detail',
      'next_step',
    ]);
    const records: unknown[] = parse(text, { columns: true });
    expect(records).toHaveLength(findings.length);
    expect(records[0]).toMatchObject({
      finding: 'duplicate-serial',
      serial_number: findings[0]?.serialNumber,
    });
  });

  it('never begins a cell as a formula', () => {
    const text = [...findingsCsv(['=1+1', '@x', '\t=1', ' +1'].map(finding))].join('');
    for (const cells of parse(text, { from: 2 })) {
      for (const cell of cells) expect(cell).not.toMatch(/^[\s]*[=+@]/);
    }
  });
});

describe('junit.xml', () => {
  interface Case {
    readonly name: string;
    outcome: string;
    text: string;
  }

  /** Reads it as strictly as XML allows. */
  function read(chunks: Iterable<string>): {
    readonly cases: readonly Case[];
    readonly suites: Record<string, string>[];
  } {
    const cases: Case[] = [];
    const suites: Record<string, string>[] = [];
    const parser = new SaxesParser();
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', ({ name, attributes }) => {
      if (name === 'testsuite') suites.push(attributes);
      else if (name === 'testcase')
        cases.push({ name: attributes['name'] ?? '', outcome: 'passed', text: '' });
      else if (name === 'failure' || name === 'skipped') {
        const last = cases.at(-1);
        if (last !== undefined) last.outcome = name;
      }
    });
    parser.on('text', (text) => {
      const last = cases.at(-1);
      if (last !== undefined) last.text += text.trim();
    });
    for (const chunk of chunks) parser.write(chunk);
    parser.close();
    return { cases, suites };
  }

  it.each(['problems', 'good', 'stopped'] as const)('has a case for each row and finding (%s)', (story) => {
    const input = sampleReport({ story });
    const { cases, suites } = read(junitXml(input));
    const outcomes = input.rows.map((row) =>
      needsPerson(row) ? 'failure' : row.verdict === 'unsent' ? 'skipped' : 'passed',
    );
    expect(cases.map(({ outcome }) => outcome)).toEqual([
      ...outcomes,
      ...input.findings.map(() => 'failure'),
    ]);
    expect(suites[0]).toMatchObject({
      tests: String(input.rows.length),
      failures: String(outcomes.filter((outcome) => outcome === 'failure').length),
      skipped: String(outcomes.filter((outcome) => outcome === 'skipped').length),
      time: '94.31',
    });
  });

  it('says of a failure what is known and what to do', () => {
    const { cases } = read(
      junitXml(reportOf([sampleRow({ verdict: 'conflict', detail: 'It is Ann’s.', next: 'Ask Ann.' })])),
    );
    expect(cases[0]?.text).toBe('It is Ann’s. Next: Ask Ann.');
    expect(cases[0]?.name).toBe('2308374621 → amelie.abel@contoso.com (tokens.csv:2)');
  });

  it('stays XML whatever stands in the rows', () => {
    expect(read(junitXml(hostile)).cases).toHaveLength(2 * NASTY.length);
  });
});

describe('annotations', () => {
  it('for GitHub name file, line, reason and next step, and count what is not shown', () => {
    const input = sampleReport();
    const lines = githubAnnotations(input);
    expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(10);
    expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(4);
    expect(lines[0]).toMatch(
      /^::error file=manifests\/feitian-c200-2026-10\.csv,line=\d+,title=oathbatch [a-z-]+\/[a-z0-9-]+::\d+: /,
    );
    const left = input.rows.filter(needsPerson).length - 10;
    expect(lines.at(-1)).toMatch(
      new RegExp(`^::notice title=oathbatch::Finished, .* ${left} more lines in the reports\\.$`),
    );
  });

  it('for Azure carry the same', () => {
    const lines = azureAnnotations(sampleReport());
    expect(lines[0]).toMatch(
      /^##vso\[task\.logissue type=error;sourcepath=manifests\/feitian-c200-2026-10\.csv;linenumber=\d+;code=[a-z-]+\/[a-z0-9-]+\]\d+: /,
    );
  });

  it('for GitLab are a code quality report, with a fingerprint that stays the same', () => {
    const read = (): unknown => JSON.parse(gitlabCodeQuality(sampleReport(), (text) => `h${text.length}`));
    expect(read()).toEqual(read());
    expect(read()).toContainEqual(
      expect.objectContaining({ severity: 'minor', check_name: 'duplicate-serial' }),
    );
  });

  it('of a run in which all is well are one line', () => {
    const good = sampleReport({ story: 'good' });
    expect(githubAnnotations(good)).toHaveLength(1);
    expect(azureAnnotations(good)).toHaveLength(1);
    expect(JSON.parse(gitlabCodeQuality(good, String))).toEqual([]);
  });

  it('hold no command but their own, whatever stands in the rows', () => {
    for (const line of githubAnnotations(hostile)) {
      expect(line).toMatch(/^::(error|warning|notice) [^\r\n]*$/);
      expect(line).not.toContain('##');
    }
    for (const line of azureAnnotations(hostile)) {
      expect(line).toMatch(/^##(vso\[task\.logissue |\[section\])[^\r\n]*$/);
      expect(line.slice(2)).not.toContain('##');
    }
  });
});

describe('the story on the screen', () => {
  it('holds no command of a pipeline either', () => {
    const text = summaryTable(hostile, { width: 200, colour: false });
    expect(text).not.toContain('##');
    expect(text).not.toMatch(/^\s*::/m);
  });
});

describe('the metrics file', () => {
  it('has a sample for every figure, in the form of Prometheus', () => {
    const text = metricsText(sampleReport());
    const line =
      /^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+\{[a-z_]+="[^"\n]*"(,[a-z_]+="[^"\n]*")*\} -?\d+(\.\d+)?)$/;
    for (const one of text.trimEnd().split('\n')) expect(one).toMatch(line);
    expect(text).toContain(
      'oathbatch_rows{job_name="onboarding-berlin",graph="https://graph.microsoft.com/beta",verdict="unknown"} ',
    );
    expect(text).toContain(
      'oathbatch_throttled{job_name="onboarding-berlin",graph="https://graph.microsoft.com/beta"} 14\n',
    );
    expect(text).toContain(
      'oathbatch_end_timestamp_seconds{job_name="onboarding-berlin",graph="https://graph.microsoft.com/beta"} 1795338346.31\n',
    );
  });

  it('escapes what would end a label', () => {
    const { summary, ...rest } = sampleReport();
    const text = metricsText({ ...rest, summary: { ...summary, job: 'a"b\\c\nd' } });
    expect(text).toContain('job_name="a\\"b\\\\c\\nd"');
  });
});

describe('summary.json', () => {
  const published = readFileSync(new URL('../../docs/schemas/summary.schema.json', import.meta.url), 'utf8');
  const validate = new Ajv2020({ strict: true }).compile(JSON.parse(published));

  it('fits the published schema, in every story', () => {
    for (const story of ['problems', 'good', 'stopped'] as const) {
      const summary: unknown = JSON.parse(JSON.stringify(sampleReport({ story }).summary));
      expect(validate(summary), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  it('has a schema that refuses what it is not, and allows what may be added', () => {
    const { summary } = sampleReport();
    expect(validate({ ...summary, version: 2 })).toBe(false);
    expect(validate({ ...summary, verdicts: { ...summary.verdicts, assigned: -1 } })).toBe(false);
    expect(validate({ ...summary, runId: undefined })).toBe(false);
    expect(validate({ ...summary, later: 1 })).toBe(true);
  });

  it('has the schema that "oathbatch schema summary" prints', () => {
    expect(published).toBe(summaryJsonSchemaText());
  });
});
