import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

const PASSED = {
  numPassedTests: 5,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numRuntimeErrorTestSuites: 0,
  testResults: [],
};

const failedFile = (message: string, assertionResults: object[]) => ({
  name: 'test/parcel.test.ts',
  status: 'failed',
  ...{ message, assertionResults },
});

/** In place of npm and npx: fails if FAILS names an argument, else writes the results of a run. */
const NPM = `#!/bin/sh
case " $* " in *" $FAILS "*) exit 1 ;; esac
for argument; do
  case $argument in
    --outputFile=*) printf %s "$RESULTS" >"\${argument#*=}" ;;
  esac
done`;

interface Run {
  install?: string;
  results?: object;
}

/** Runs .ci/run with fake installations and tests. */
function runCi(fails: string, { install = 'exit 0', results = PASSED }: Run = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'ci-run-'));
  const at = (name: string) => join(directory, name);
  try {
    ['.ci', 'scripts', 'bin'].forEach((name) => mkdirSync(at(name)));
    ['.ci/run', '.ci/count.js'].forEach((name) => copyFileSync(join(ROOT, name), at(name)));
    writeFileSync(at('.ci/install-interop'), install);
    writeFileSync(at('.ci/install-compose'), 'exit 0');
    writeFileSync(at('.ci/install-node'), `echo ${at('bin')}`);
    writeFileSync(at('scripts/node-version.mjs'), 'console.log("24.0.0")');
    for (const name of ['bin/npm', 'bin/npx']) {
      writeFileSync(at(name), NPM);
      chmodSync(at(name), 0o755);
    }
    const env = { ...process.env, FAILS: fails, RESULTS: JSON.stringify(results) };
    const { status, stdout } = spawnSync('bash', [at('.ci/run')], { env, encoding: 'utf8' });
    return { status, stdout, lastLine: stdout.trimEnd().split('\n').at(-1) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('.ci/run', () => {
  it('ends with the count of all five runs', () => {
    expect(runCi('nothing')).toMatchObject({ status: 0, lastLine: '25 passed, 0 failed' });
  });

  it.each(['test', 'test:cluster', 'test:interop', 'test:compose', 'jest'])(
    'counts %s as a failure when it does not start, and makes the other runs',
    (name) => {
      expect(runCi(name)).toMatchObject({ status: 1, lastLine: '20 passed, 1 failed' });
    },
  );

  it.each([
    ['the check', 'check', 'exit 0'],
    ['an installation', 'nothing', 'exit 100'],
  ])('makes all runs and fails when %s fails', (_, fails, install) => {
    expect(runCi(fails, { install })).toMatchObject({ status: 1, lastLine: '25 passed, 0 failed' });
  });

  it('counts every run as failed when the packages cannot be installed', () => {
    expect(runCi('ci')).toMatchObject({ status: 1, lastLine: '0 passed, 5 failed' });
  });

  it.each([
    [
      'test',
      { numPassedTests: 4, numFailedTests: 1, numFailedTestSuites: 1 },
      failedFile('', [
        { status: 'passed', fullName: 'a parcel is weighed', failureMessages: [] },
        {
          status: 'failed',
          fullName: 'a parcel arrives',
          failureMessages: ['\u001b[31mlost\u001b[39m'],
        },
      ]),
      'test/parcel.test.ts, a parcel arrives\nlost\n',
    ],
    [
      'file',
      { numPassedTests: 4, numFailedTestSuites: 1, numRuntimeErrorTestSuites: 1 },
      failedFile('Cannot find a module', []),
      'test/parcel.test.ts\nCannot find a module\n',
    ],
  ])('says of each run which %s failed, and how', (_, numbers, file, failure) => {
    const results = { ...PASSED, ...numbers, testResults: [file] };

    const { stdout, lastLine } = runCi('nothing', { results });

    for (const run of ['suite', 'cluster', 'interop', 'compose', 'floor']) {
      expect(stdout).toContain(`FAILED ${run}: ${failure}`);
    }
    expect(stdout).not.toContain('is weighed');
    expect(lastLine).toBe('20 passed, 5 failed');
  });

  it('says which run has no results', () => {
    expect(runCi('test:interop').stdout).toContain('FAILED interop: no results\n');
  });
});
