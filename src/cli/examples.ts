// The examples under each command's --help. They name the job files that come with the program; every line is
// parsed by the real command line in the tests.

import type { Command } from 'commander';

/** A command line and what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** Examples by the command that they belong to. */
export const EXAMPLES: Readonly<Record<string, readonly Example[]>> = {
  run: [
    { line: 'oathbatch run jobs/onboarding.yaml', does: 'show the plan, ask, carry it out, verify, report' },
    {
      line: 'oathbatch run jobs/onboarding.yaml --yes --json',
      does: 'unattended: no question, the summary as JSON',
    },
    { line: 'oathbatch run jobs/legacy-mfa-migration.yaml --set waves.last=1', does: 'the first wave alone' },
  ],
  plan: [
    {
      line: 'oathbatch plan jobs/onboarding.yaml',
      does: 'what would change; 5 when there is something to do',
    },
    { line: 'oathbatch plan jobs/onboarding.yaml --out plan.json', does: 'keep the plan, for apply' },
  ],
  apply: [{ line: 'oathbatch apply plan.json --yes', does: 'exactly that plan, or refuse' }],
  resume: [
    { line: 'oathbatch resume', does: 'carry on the last run that was stopped' },
    { line: 'oathbatch resume 20260301T080000Z-onboarding-1a2b', does: 'carry on this run' },
  ],
  verify: [
    { line: 'oathbatch verify jobs/onboarding.yaml', does: 'has everything come true, and is it still so?' },
  ],
  inspect: [
    { line: 'oathbatch inspect samples/tokens.csv', does: "what is in a vendor's file" },
    {
      line: 'oathbatch inspect samples/tokens.csv samples/assignments.csv --json',
      does: 'the same, for a script',
    },
  ],
  doctor: [
    {
      line: 'oathbatch doctor jobs/onboarding.yaml',
      does: 'files, sign-in, permissions, policy, clock, users',
    },
    {
      line: 'oathbatch doctor jobs/onboarding.yaml --graph global',
      does: 'the same, against the service itself',
    },
  ],
  audit: [
    { line: 'oathbatch audit jobs/audit.yaml', does: 'who holds what, and what needs a person' },
    {
      line: 'oathbatch audit jobs/audit.yaml --set findings.unusedAfter=90d',
      does: 'unused for three months',
    },
  ],
  runs: [
    { line: 'oathbatch runs', does: 'what ran, when, and how it ended' },
    { line: 'oathbatch runs --state /var/lib/oathbatch', does: 'the same, of a ledger elsewhere' },
  ],
  report: [
    { line: 'oathbatch report 20260301T080000Z-onboarding-1a2b', does: 'write the reports of a run again' },
    { line: 'oathbatch report 20260301T080000Z-onboarding-1a2b --format xlsx', does: 'as a workbook alone' },
    {
      line: 'oathbatch report reports/20260301T080000Z-onboarding-1a2b --check',
      does: 'has anybody changed them?',
    },
  ],
  compare: [
    {
      line: 'oathbatch compare 20260301T080000Z-audit-1a2b 20260401T080000Z-audit-3c4d',
      does: 'what changed in a month',
    },
  ],
  emulate: [
    {
      line: 'oathbatch emulate jobs/onboarding.yaml --port 8080',
      does: "a tenant with the job's users and tokens",
    },
    { line: 'oathbatch emulate jobs/onboarding.yaml --keep tenant.json', does: 'keep it, and go on from it' },
  ],
  schema: [
    { line: 'oathbatch schema', does: 'of the job file, for an editor' },
    { line: 'oathbatch schema summary', does: 'of summary.json, for a script that reads it' },
  ],
  init: [
    { line: 'oathbatch init', does: 'ask a few questions, and write job.yaml' },
    {
      line: 'oathbatch init trial.yaml --yes --kind audit --cloud global',
      does: 'ask nothing, as in a script',
    },
  ],
  completion: [
    { line: 'oathbatch completion bash', does: 'a script: source <(oathbatch completion bash)' },
    { line: 'oathbatch completion fish', does: 'a script for ~/.config/fish/completions/oathbatch.fish' },
  ],
};

/** Puts each command's examples under its help. */
export function addExamples(program: Command): void {
  for (const command of program.commands) {
    const examples = EXAMPLES[command.name()] ?? [];
    const lines = examples.flatMap(({ line, does }) => [`  $ ${line}`, `      ${does}`]);
    command.addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`);
  }
}
