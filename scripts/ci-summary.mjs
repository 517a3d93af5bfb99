// Prints `N passed, N failed` from the results that vitest's JSON reporter wrote, and answers 1 unless all
// is well. A test file that could not be loaded has no tests to count, so it counts as one that failed;
// so does a run that left no results.
import { readFileSync } from 'node:fs';

const [, , file] = process.argv;

function count() {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    const unloaded = results.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
    );
    return { passed: results.numPassedTests, failed: results.numFailedTests + unloaded.length };
  } catch (error) {
    console.error(`There are no test results: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = count();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
