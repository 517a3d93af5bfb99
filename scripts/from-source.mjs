// Starts a program of this repository from its TypeScript source: compiles what it needs into a folder of its
// own, and removes that at the end. It does not check types.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
/** Runs `entry`, a path from the root, with the words of this command line. */
export function startFromSource(entry) {
  const directory = mkdtempSync(join(tmpdir(), 'oathbatch-source-build-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });

  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noCheck: true,
      declaration: false,
      rootDir: root,
      outDir: directory,
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [],
    files: [join(root, entry)],
  };

  try {
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(config));
    writeFileSync(join(directory, 'package.json'), '{ "type": "module", "version": "0.0.0" }');
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'), 'junction');
    execFileSync(process.execPath, [tsc, '-p', directory], { stdio: 'inherit' });
  } catch (error) {
    remove();
    throw error;
  }
  const child = spawn(
    process.execPath,
    [join(directory, entry.replace(/ts$/, 'js')), ...process.argv.slice(2)],
    // By the channel it learns when this process is gone, however it went.
    { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  if (process.connected) process.once('disconnect', () => child.kill('SIGTERM'));
  // Whoever listens there is kept alive by it, and would never end.
  process.channel?.unref();
  child.on('close', (code) => {
    remove();
    process.exitCode = code ?? 1;
  });
}
