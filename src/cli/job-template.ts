// A first job file from a few answers: commented, so that it can be changed without the manual. Pure text; it
// looks at no file, and the loader is what decides whether a job can be used.

export const KINDS = ['onboarding', 'migration', 'audit'] as const;
export const GRAPHS = ['emulator', 'global', 'usgov-l4', 'usgov-l5', 'china'] as const;
export const CREDENTIALS = [
  'default',
  'azure-cli',
  'managed-identity',
  'workload-identity',
  'client-certificate',
  'client-secret',
  'device-code',
  'access-token',
] as const;
export const ACTIVATIONS = ['user', 'computed', 'codes'] as const;

export type CredentialKind = (typeof CREDENTIALS)[number];

export interface Answers {
  readonly name: string;
  readonly kind: (typeof KINDS)[number];
  readonly graph: (typeof GRAPHS)[number];
  readonly credential: CredentialKind;
  /** Both are read only for credentials of an application ({@link ofApplication}). */
  readonly tenantId: string;
  readonly clientId: string;
  /** Relative to the job file; absent: none. */
  readonly manifest: string | undefined;
  readonly assignments: string | undefined;
  readonly activation: (typeof ACTIVATIONS)[number];
}

/** Whether signing in takes the ids of a tenant and an application. */
export function ofApplication(credential: CredentialKind): boolean {
  return ['client-certificate', 'client-secret', 'device-code'].includes(credential);
}

/** The text of the job file. */
export function jobTemplate(answers: Answers): string {
  const { name, kind, graph } = answers;
  const head = [
    '# A job of oathbatch. docs/job-file.md explains every key; paths are relative to this file.',
    "# Editors show what a key means with the schema: oathbatch schema > job.schema.json, and as this file's first",
    '# line:  yaml-language-server: $schema=./job.schema.json  (as a comment)',
    '',
    `name: ${scalar(name)}`,
    `kind: ${kind}`,
    '',
    '# emulator is a rehearsal on this computer; global is the tenant, with the credential below.',
    `graph: ${graph}`,
    ...credentialLines(answers),
  ];
  const parts = [head, fileLines(answers), kind === 'audit' ? auditLines() : changeLines(answers)];
  if (kind === 'migration') parts.push(waveLines());
  if (graph === 'emulator') parts.push(rehearsalLines(kind === 'audit' ? 'in-use' : 'in-inventory'));
  return `${parts.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function credentialLines({ credential, tenantId, clientId }: Answers): readonly string[] {
  if (credential === 'default') {
    return [
      '# default takes what it finds: environment, managed identity, Azure CLI …',
      'credential: default',
    ];
  }
  if (!ofApplication(credential)) return [`credential: ${credential}`];
  const lines = [
    'credential:',
    `  kind: ${credential}`,
    `  tenantId: ${scalar(tenantId)}`,
    `  clientId: ${scalar(clientId)}`,
  ];
  if (credential === 'client-certificate') {
    lines.push(
      '  # A PEM file with the certificate and its private key.',
      '  certificate: private/oathbatch.pem',
    );
  }
  if (credential === 'client-secret') {
    lines.push(
      '  # From the environment; written here it is refused.',
      `  clientSecret: "\${ENTRA_CLIENT_SECRET}"`,
    );
  }
  return lines;
}

function fileLines({ kind, manifest, assignments }: Answers): readonly string[] {
  const lines: string[] = [];
  if (manifest !== undefined) {
    lines.push(
      '# What the vendor sent. oathbatch inspect FILE says what is in a file.',
      ...list('manifests', manifest),
    );
  }
  if (assignments !== undefined) {
    lines.push('# Who shall hold which token: serial number,user.', ...list('assignments', assignments));
  }
  if (lines.length > 0) return lines;
  return kind === 'audit'
    ? ['# Without manifests and assignments only the tenant itself is looked at.']
    : ['# Name the files here:', '# manifests: [{ path: tokens.csv }]'];
}

function list(key: string, path: string): readonly string[] {
  return [`${key}:`, `  - path: ${scalar(path)}`];
}

const ACTIVATION_SAYS = {
  user: 'Holders activate their tokens themselves, with a code at https://aka.ms/mysecurityinfo.',
  computed: "The run activates with codes that it computes from the manifest's secrets.",
  codes: 'The run activates with the codes in the column "code" of the assignments.',
} as const satisfies Record<Answers['activation'], string>;

function changeLines({ activation }: Answers): readonly string[] {
  return [
    `# ${ACTIVATION_SAYS[activation]}`,
    `activation: ${activation}`,
    '',
    '# The run is refused before it sends anything when it would change or contradict more rows than this.',
    'limits:',
    '  maxChanges: 100%',
    '  maxConflicts: 5%',
  ];
}

function auditLines(): readonly string[] {
  return [
    '# Assigned and not activated, or not used, for so long: a finding.',
    'findings:',
    '  notActivatedAfter: 14d',
    '  unusedAfter: 180d',
  ];
}

function waveLines(): readonly string[] {
  return [
    '# Each wave is planned, applied and verified before the next; it stops behind one that fails too often.',
    'waves:',
    '  by: size',
    '  size: 500',
    '  maxFailed: 5%',
  ];
}

function rehearsalLines(tokens: string): readonly string[] {
  return [
    '# What the rehearsal tenant holds at the start. Read only when graph is emulator.',
    'emulator:',
    '  tenant:',
    `    tokens: ${tokens}`,
  ];
}

/** Plain where YAML cannot take it for anything but a text, else in double quotes, which read as in JSON. */
function scalar(text: string): string {
  const plain =
    /^(?:[A-Za-z]|\.{0,2}\/)[\w./-]*$/.test(text) && !/^(?:true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
