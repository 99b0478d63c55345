/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{test,tools/*/test}/**/*.test.ts'],
  // These have configurations of their own: their programs take minutes to build, or may be missing.
  testPathIgnorePatterns: [
    '<rootDir>/test/cluster/',
    '<rootDir>/test/compose/',
    '<rootDir>/test/interop/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: {
    '\\.tsx?$|/node_modules/preact/.+\\.mjs$': [
      'ts-jest',
      { tsconfig: 'tsconfig.json', diagnostics: false },
    ],
  },
  // preact has no CommonJS: Node loads its modules by require(), Jest does not.
  transformIgnorePatterns: ['/node_modules/(?!preact/)'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  setupFilesAfterEnv: ['<rootDir>/test/support/record-processes.ts'],
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  // Only ends a test that hangs: on a busy machine all parts may start slowly, one after the other.
  testTimeout: 120_000,
  // Tests spend more time waiting for real parts than computing.
  maxWorkers: 2,
};
