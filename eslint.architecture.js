// The architecture of docs/ARCHITECTURE.md as data: three tables, and the lint rules that hold them (they are
// made in eslint.architecture-rules.js). A configuration of its own, without type information, so that
// test/architecture can show that every rule fires; eslint.config.js includes it. To allow something new,
// change a table: nothing in a source file switches these rules off.

import tseslint from 'typescript-eslint';
import { directionRule, portsRule, purityRule } from './eslint.architecture-rules.js';

/**
 * Ports: what is not the same on every run enters the program in the files named, and nowhere else.
 * `globals` are names, members (`Date.now`) and calls without arguments (`new Date()`).
 */
const PORTS = [
  {
    what: 'time',
    only: ['src/clock.ts'],
    globals: ['Date()', 'new Date()', 'Date.now', 'performance', 'AbortSignal.timeout', 'setTimeout'],
    modules: ['node:timers', 'node:timers/promises', 'node:perf_hooks'],
    instead: 'take a Clock',
  },
  {
    // No time passes: it is the end of the turn in which records are gathered.
    what: 'the end of the turn',
    only: ['src/graph/turn-batch.ts', 'src/ledger/group-commit.ts', 'src/turn.ts'],
    globals: ['setImmediate'],
    instead: 'take a Clock',
  },
  {
    // Redrawing a line on a terminal is nothing that a run waits for.
    what: 'repeated drawing',
    only: ['src/cli/progress.ts'],
    globals: ['setInterval'],
    instead: 'take a Clock',
  },
  {
    what: 'randomness',
    only: ['src/random.ts'],
    globals: ['Math.random', 'crypto'],
    names: {
      'node:crypto': [
        'randomBytes',
        'randomFill',
        'randomFillSync',
        'randomInt',
        'randomUUID',
        'webcrypto',
        'getRandomValues',
      ],
    },
    instead: 'take a Random',
  },
  {
    what: 'the network',
    only: ['src/graph/http.ts', 'src/graph/http-exchange.ts', 'src/emulator/server.ts'],
    globals: ['fetch', 'WebSocket', 'EventSource'],
    modules: [
      'node:http',
      'node:https',
      'node:http2',
      'node:net',
      'node:tls',
      'node:dgram',
      'node:dns',
      'node:dns/promises',
      'undici',
    ],
    instead: 'take a Transport',
  },
  {
    what: 'the disk',
    only: [
      'src/cli/**',
      'src/emulator/snapshot-file.ts',
      'src/job/load*.ts',
      'src/ledger/**',
      'src/manifest/load*.ts',
      'src/manifest/read*.ts',
      'src/report/read*.ts',
      'src/report/write*.ts',
      'src/version.ts',
    ],
    modules: ['node:fs', 'node:fs/promises'],
    instead: 'take the content, and read or write it in the adapter of this folder',
  },
  {
    what: 'the process and its terminal',
    only: ['src/cli/**'],
    globals: ['process', 'console'],
    modules: ['node:process', 'node:child_process', 'node:tty'],
    instead: 'take the value as an argument',
  },
  { what: 'the global object', only: [], globals: ['globalThis', 'global'], instead: 'name what you need' },
  {
    what: 'the SQLite binding',
    only: ['src/ledger/sqlite*.ts'],
    modules: ['libsql'],
    instead: 'use the Ledger (docs/decisions/0002)',
  },
  {
    what: 'Bottleneck',
    only: ['src/graph/turn-queue.ts'],
    modules: ['bottleneck'],
    instead: 'use the limiter (docs/decisions/0004)',
  },
  {
    what: '@azure/identity',
    only: ['src/graph/credential*.ts'],
    modules: ['@azure/identity'],
    instead: 'take a credential',
  },
];

/** Packages that take long to load: `await import()` where they are needed, or types only. */
const LOADED_LATE = ['@azure/identity'];

/**
 * Pure: the same answer for the same arguments, at once. Such a file imports values only from such files.
 * A stage is pure as a whole, or but for the files that read and write for it.
 */
const PURE = [
  'src/duration.ts',
  'src/errors.ts',
  'src/secret.ts',
  'src/lookup-key.ts',
  'src/legacy-ids.ts',
  'src/clouds.ts',
  'src/compact/**',
  'src/graph/answer.ts',
  'src/graph/back-off.ts',
  'src/graph/bucket-model.ts',
  'src/graph/claims-challenge.ts',
  'src/graph/device.ts',
  'src/graph/endpoints.ts',
  'src/graph/endpoints/**',
  'src/graph/error-body.ts',
  'src/graph/operation.ts',
  'src/graph/gate.ts',
  'src/graph/lesson.ts',
  'src/graph/listed-page.ts',
  'src/graph/long-run.ts',
  'src/graph/tally.ts',
  'src/graph/own-address.ts',
  'src/graph/pacer.ts',
  'src/graph/page-bytes.ts',
  'src/graph/page-scanner.ts',
  'src/graph/pacer-settings.ts',
  'src/graph/probe.ts',
  'src/graph/recurring-texts.ts',
  'src/graph/refusals.ts',
  'src/graph/retry-after.ts',
  'src/graph/token-claims.ts',
  'src/graph/token-grants.ts',
  'src/cli/doctor/check*.ts',
  'src/manifest/**',
  '!src/manifest/load*.ts',
  '!src/manifest/read*.ts',
  'src/plan/**',
  'src/provision/outcome.ts',
  'src/provision/retry-budget.ts',
  'src/provision/service-health.ts',
  'src/reconcile/**',
  'src/report/**',
  '!src/report/read*.ts',
  '!src/report/write*.ts',
];

/** The modules of Node.js that a pure file may import all the same, because what is used of them is pure. */
const PURE_NODE_MODULES = {
  // AES, HMAC and PBKDF2 draw no lots: the same key and data give the same bytes.
  'src/manifest/pskc-crypto.ts': ['node:crypto'],
  // TextDecoder, which turns the bytes of a file that was read already into text.
  'src/manifest/text-decoder.ts': ['node:buffer', 'node:util'],
  // The report names the hash of its own script in its Content-Security-Policy.
  'src/report/html*.ts': ['node:crypto'],
  // Ed25519 draws no lots: the same text and key give the same signature.
  'src/report/signature.ts': ['node:crypto'],
  // The symbol by which a secret hides itself from inspect().
  'src/secret.ts': ['node:util'],
};

/** The stages, in the order in which the data passes them. */
const STAGES = ['manifest', 'tenant', 'plan', 'provision', 'reconcile', 'report'];

/**
 * Direction: what a folder may import beside itself and the files at the root of src/.
 * A stage sees the stages before it, and never the ones after it; `types` means `import type`.
 */
const MAY_IMPORT = {
  ...Object.fromEntries(
    STAGES.map((stage, order) => [
      stage,
      { values: ['compact', 'graph', 'ledger'], types: ['job', ...STAGES.slice(0, order)] },
    ]),
  ),
  // Columns know nothing of what is kept in them.
  compact: { values: [], types: [] },
  graph: { values: [], types: [] },
  ledger: { values: ['compact'], types: [] },
  emulator: { values: [], types: [] },
  job: { values: ['emulator/settings'], types: ['manifest'] },
  cli: { values: ['compact', 'emulator', 'graph', 'job', 'ledger', ...STAGES], types: [] },
};

/** The files at the root of src/ are below every folder, but for the one that names the library's exports. */
const ABOVE_ALL = 'src/index.ts';

export default [
  {
    name: 'architecture',
    files: ['src/**/*.ts'],
    languageOptions: { parser: tseslint.parser },
    linterOptions: { noInlineConfig: true },
    plugins: {
      architecture: {
        rules: {
          ports: portsRule(PORTS, LOADED_LATE),
          purity: purityRule(PURE, PURE_NODE_MODULES),
          direction: directionRule(MAY_IMPORT, ABOVE_ALL),
        },
      },
    },
    rules: {
      'architecture/ports': 'error',
      'architecture/purity': 'error',
      'architecture/direction': 'error',
    },
  },
];
