/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{test,tools/*/test}/**/*.test.ts'],
  // With configurations of their own: what they need takes minutes to build or is not everywhere.
  testPathIgnorePatterns: [
    '<rootDir>/test/cluster/',
    '<rootDir>/test/compose/',
    '<rootDir>/test/interop/',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  transform: { '\\.ts$': ['ts-jest', { tsconfig: 'tsconfig.json', diagnostics: false }] },
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testTimeout: 30_000,
  // They wait for real parts more than they compute.
  maxWorkers: 2,
};
