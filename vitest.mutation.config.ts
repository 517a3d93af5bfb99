import { defineConfig } from 'vitest/config';

/** The tests that belong to what `npm run mutation` changes: stryker.config.json. */
export default defineConfig({
  test: {
    include: [
      'test/plan/**/*.test.ts',
      'test/reconcile/**/*.test.ts',
      'test/provision/outcome.test.ts',
      'test/graph/pacer*.test.ts',
    ],
    pool: 'threads',
    maxWorkers: 1,
  },
});
