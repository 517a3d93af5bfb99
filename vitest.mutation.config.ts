import { defineConfig } from 'vitest/config';

/**
 * The tests that belong to what `npm run mutation` changes: stryker.config.json. Whole runs of 10,000 rows take too long
 * to be played a thousand times: what they alone would notice counts as unnoticed.
 */
export default defineConfig({
  test: {
    include: [
      'test/plan/**/*.test.ts',
      'test/reconcile/**/*.test.ts',
      'test/provision/outcome.test.ts',
      'test/graph/pacer*.test.ts',
    ],
    exclude: ['test/graph/pacer-worlds.test.ts'],
    // A run that is watched for what it reaches takes dozens of times as long.
    testTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 1,
  },
});
