// Who of a migration still signs in by the old way alone is listed from the tenant's report of registered methods, and
// a migration does its work without it where that report may not be read.

import { describe, expect } from 'vitest';
import { z } from 'zod';
import { it, type Place, serialOf, tokenLine } from '../cli/command.js';
import { users } from '../cli/rehearsal.js';

const findingSchema = z.object({
  kind: z.string(),
  serialNumber: z.string(),
  detail: z.string(),
  line: z.number(),
});

/** Two tokens are activated by the run; the third waits for its holder. */
function write(place: Place): void {
  place.manifest([0, 1, 2].map((index) => tokenLine(index)));
  place.write(
    'people.csv',
    [
      'serial number,user,activation',
      ...[0, 1, 2].map(
        (index) => `${serialOf(index)},user${index + 1}@contoso.example,${index === 2 ? 'user' : 'computed'}`,
      ),
      '',
    ].join('\n'),
  );
  place.write(
    'job.yaml',
    [
      'name: migration',
      'kind: migration',
      'graph: emulator',
      'manifests: [{ path: tokens.csv }]',
      'assignments: [{ path: people.csv }]',
      'waves: { by: size, size: 10 }',
      'findings: { oldMethods: true }',
      'reports: { formats: [csv, json, html] }',
      '',
    ].join('\n'),
  );
}

const tenant = users(4).map((user, index) => ({
  ...user,
  otherMethods: index % 2 === 0 ? ['mobilePhone', 'softwareOneTimePasscode'] : [],
}));

function findings(place: Place): readonly z.infer<typeof findingSchema>[] {
  const lines = place.read(`${place.reports()}/findings.csv`).trim().split('\n');
  return lines.slice(1).map((line) => {
    const [kind = '', , , , file = '', number = ''] = line.split(',');
    return { kind, serialNumber: file, detail: line, line: Number(number) };
  });
}

describe('users of a migration who have no hardware token registered', () => {
  it('are findings, with what is registered instead', async ({ place }) => {
    write(place);
    const rehearsal = await place.serve(tenant);
    const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
    expect(ended.exitCode, ended.stderr).toBe(3);
    expect(place.verdicts()).toEqual(['activated', 'activated', 'assigned']);
    const found = findings(place).filter(({ kind }) => kind === 'old-method');
    expect(found).toHaveLength(1);
    expect(found[0]?.detail).toContain(
      'user3@contoso.example has no hardware token registered; registered is: mobilePhone, softwareOneTimePasscode.',
    );
    expect(place.read(`${place.reports()}/report.html`)).toContain('old-method');
    // The others of the tenant are not the job's.
    expect(ended.stdout + ended.stderr).not.toContain('user4@');

    const verified = await place.run(['verify', 'job.yaml', '--graph', rehearsal.url]);
    expect(verified.exitCode).toBe(3);
    expect(findings(place).map(({ kind }) => kind)).toEqual(['old-method']);
  });

  it('are left out with a word to the operator where the report may not be read', async ({ place }) => {
    write(place);
    const rehearsal = await place.serve(tenant, { permissions: { registrationsRead: false } });
    const ended = await place.run(['run', 'job.yaml', '--yes', '--graph', rehearsal.url]);
    expect(ended.exitCode, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('it needs AuditLog.Read.All');
    expect(findings(place)).toEqual([]);
  });
});
