// A directory of its own for each test, gone afterwards.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A new directory, removed when the test has ended. Call it inside a test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'oathbatch-test-'));
  onTestFinished(() => {
    rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  });
  return directory;
}
