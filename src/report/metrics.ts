// The figures of a run for Prometheus, as a text file that node-exporter's textfile collector reads
// (https://github.com/prometheus/node_exporter#textfile-collector). The job is a label, the run is not: a label
// with a new value for each run would make a new series each time.

import { countThat } from '../compact/rows.js';
import { needsPerson, type ReportInput } from './model.js';
import { FINDING_ORDER, VERDICT_ORDER } from './words.js';

type Labels = Readonly<Record<string, string>>;

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly (readonly [Labels, number])[];
}

/** https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information */
function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function metricText({ name, help, samples }: Metric): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([key, text]) => `${key}="${labelValue(text)}"`);
    return `${name}{${pairs.join(',')}} ${value}\n`;
  });
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

/** The text of the metrics file. */
export function metricsText({ summary, rows, findings }: ReportInput): string {
  const job = { job_name: summary.job, graph: summary.graph };
  const one = (name: string, help: string, value: number): Metric => ({
    name,
    help,
    samples: [[job, value]],
  });
  const started = Date.parse(summary.startedAt) / 1_000;
  const ended = Date.parse(summary.endedAt) / 1_000;
  const metrics: readonly Metric[] = [
    {
      name: 'oathbatch_rows',
      help: 'Rows of the last run by verdict.',
      samples: VERDICT_ORDER.map((verdict) => [{ ...job, verdict }, summary.verdicts[verdict]] as const),
    },
    {
      name: 'oathbatch_findings',
      help: 'Findings of the last run by kind.',
      samples: FINDING_ORDER.map((kind) => [{ ...job, kind }, summary.findings[kind]] as const),
    },
    one(
      'oathbatch_needs_person',
      'Rows and findings of the last run that need a person.',
      countThat(rows, needsPerson) + findings.length,
    ),
    one('oathbatch_requests', 'HTTP requests of the last run.', summary.requests),
    one('oathbatch_writes', 'Write requests of the last run.', summary.writes),
    one('oathbatch_throttled', 'Answers of the last run with status 429.', summary.throttled),
    one(
      'oathbatch_accepted_per_second',
      'Writes a second that the service accepted in the last run.',
      summary.pace.acceptedPerSecond,
    ),
    one(
      'oathbatch_gate_seconds',
      'Seconds of the last run in which a throttle gate was closed.',
      summary.pace.gateSeconds,
    ),
    one('oathbatch_start_timestamp_seconds', 'When the last run started, in seconds since 1970.', started),
    one('oathbatch_end_timestamp_seconds', 'When the last run ended, in seconds since 1970.', ended),
    one(
      'oathbatch_exit_code',
      'What the last run ended with (0: every row is as it should be).',
      summary.exitCode,
    ),
    one(
      'oathbatch_interrupted',
      '1 when the last run was stopped before its end.',
      summary.interrupted ? 1 : 0,
    ),
  ];
  return metrics.map(metricText).join('');
}
