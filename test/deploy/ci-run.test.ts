import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

const RESULTS = JSON.stringify({
  numPassedTests: 5,
  numFailedTests: 0,
  numFailedTestSuites: 0,
  numRuntimeErrorTestSuites: 0,
});

/** In place of npm and npx: fails if FAILS names an argument, else writes the results of five tests. */
const NPM = `#!/bin/sh
case " $* " in *" $FAILS "*) exit 1 ;; esac
for argument; do
  case $argument in
    --outputFile=*) echo '${RESULTS}' >"\${argument#*=}" ;;
  esac
done`;

/** Runs .ci/run with fake installations and tests. */
function runCi(fails: string, install = 'exit 0') {
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
    const env = { ...process.env, FAILS: fails };
    const { status, stdout } = spawnSync('bash', [at('.ci/run')], { env, encoding: 'utf8' });
    return { status, lastLine: stdout.trimEnd().split('\n').at(-1) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('.ci/run', () => {
  it('ends with the count of all five runs', () => {
    expect(runCi('nothing')).toEqual({ status: 0, lastLine: '25 passed, 0 failed' });
  });

  it.each(['test', 'test:cluster', 'test:interop', 'test:compose', 'jest'])(
    'counts %s as a failure when it does not start, and makes the other runs',
    (name) => {
      expect(runCi(name)).toEqual({ status: 1, lastLine: '20 passed, 1 failed' });
    },
  );

  it.each([
    ['the check', 'check', 'exit 0'],
    ['an installation', 'nothing', 'exit 100'],
  ])('makes all runs and fails when %s fails', (_, fails, install) => {
    expect(runCi(fails, install)).toEqual({ status: 1, lastLine: '25 passed, 0 failed' });
  });

  it('counts every run as failed when the packages cannot be installed', () => {
    expect(runCi('ci')).toEqual({ status: 1, lastLine: '0 passed, 5 failed' });
  });
});
