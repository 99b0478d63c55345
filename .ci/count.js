// count.js FILE...: prints how many tests passed and failed in jest's results, all runs together, and
// before that each test that failed.
const { existsSync, readFileSync } = require('node:fs');
const { basename, relative } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

const MESSAGE_LINES = 12;

const runs = process.argv.slice(2).map((file) => {
  const run = basename(file);
  // A run without results counts as one failed test.
  if (!existsSync(file)) return { passed: 0, failed: 1, failures: [`${run}: no results`] };
  const results = JSON.parse(readFileSync(file, 'utf8'));
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } =
    results;
  // A suite that could not run has no tests: it counts as one failed test.
  const failed = Math.max(numFailedTests + numRuntimeErrorTestSuites, numFailedTestSuites ? 1 : 0);
  const failures = results.testResults.flatMap(failuresOf).map((failure) => `${run}: ${failure}`);
  return { passed: numPassedTests, failed, failures };
});

/** A file's failed tests, or the file itself if it could not run, each with the beginning of its message. */
function failuresOf({ name, status, message, assertionResults }) {
  if (status !== 'failed') return [];
  const file = relative('.', name);
  const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
  if (failed.length === 0) return [`${file}\n${beginningOf(message)}`];
  return failed.map(
    ({ fullName, failureMessages }) =>
      `${file}, ${fullName}\n${beginningOf(failureMessages.join('\n'))}`,
  );
}

function beginningOf(message) {
  return stripVTControlCharacters(message).split('\n').slice(0, MESSAGE_LINES).join('\n');
}

const sum = (key) => runs.reduce((total, run) => total + run[key], 0);
for (const failure of runs.flatMap(({ failures }) => failures)) console.log(`FAILED ${failure}\n`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
