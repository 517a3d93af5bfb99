// Checks the package as its users get it: packs it once, lints the tarball's package.json and its types,
// installs it into an empty folder and runs the command there. Leaves nothing behind.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const temp = mkdtempSync(join(tmpdir(), 'oathbatch-package-'));

/** Runs npm, by its own script where npm started us: that needs no shell, on Windows either. */
function npm(words, options) {
  const script = process.env.npm_execpath;
  const [file, first] = script === undefined ? ['npm', []] : [process.execPath, [script]];
  return execFileSync(file, [...first, ...words], { encoding: 'utf8', ...options });
}

function expectThat(condition, message) {
  if (!condition) throw new Error(message);
}

/** The one package in the answer of `npm pack --json`: a list up to npm 11, later keyed by name. */
function readAnswer(json) {
  const [packed] = Object.values(JSON.parse(json));
  return packed;
}

function check() {
  const shown = { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] };

  // What prepack does, on its own: its output would stand between us and the answer in JSON.
  npm(['run', '--silent', 'build'], shown);
  const packed = readAnswer(
    npm(['pack', '--json', '--ignore-scripts', '--pack-destination', temp], { cwd: root }),
  );
  const tarball = join(temp, packed.filename);
  console.log(`${packed.filename}: ${packed.files.length} files, ${statSync(tarball).size} bytes`);
  const stray = packed.files
    .map(({ path }) => path)
    .filter((path) => /^(src|test|bench|scripts|node_modules)\//.test(path));
  expectThat(stray.length === 0, `does not belong in the package: ${stray.join(', ')}`);

  npm(['exec', '--offline', '--', 'publint', 'run', tarball, '--strict'], shown);
  npm(['exec', '--offline', '--', 'attw', tarball, '--profile', 'esm-only'], shown);

  const user = join(temp, 'user');
  mkdirSync(user);
  npm(['init', '--yes', '--silent'], { cwd: user, stdio: 'ignore' });
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error', tarball], {
    ...shown,
    cwd: user,
  });
  const help = npm(['exec', '--offline', '--', 'oathbatch', '--help'], { cwd: user });
  expectThat(help.includes('oathbatch'), `oathbatch --help does not name itself:\n${help}`);
  const exported = execFileSync(
    process.execPath,
    ['--input-type=module', '--eval', "console.log(Object.keys(await import('oathbatch')).length)"],
    { cwd: user, encoding: 'utf8' },
  );
  console.log(`installed: the command answers, and the library exports ${exported.trim()} names`);
}

try {
  check();
} catch (error) {
  // What a command printed has been shown already.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(temp, { recursive: true, force: true });
}
