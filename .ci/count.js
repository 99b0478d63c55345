// count.js FILE...: prints how many tests passed and failed in jest's results, all runs together.
const { existsSync, readFileSync } = require('node:fs');

const counts = process.argv.slice(2).map((file) => {
  // A run without results counts as one failed test.
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } =
    JSON.parse(readFileSync(file, 'utf8'));
  // A suite that could not run has no tests: it counts as one failed test.
  const failed = Math.max(numFailedTests + numRuntimeErrorTestSuites, numFailedTestSuites ? 1 : 0);
  return { passed: numPassedTests, failed };
});
const sum = (key) => counts.reduce((total, count) => total + count[key], 0);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
