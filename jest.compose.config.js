const everything = require('./jest.config.js');

/** Builds the image and runs docker-compose.yml: takes minutes and needs a container engine. */
/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  globalSetup: undefined,
  globalTeardown: undefined,
  testMatch: ['<rootDir>/test/compose/**/*.test.ts'],
  testPathIgnorePatterns: [],
  testTimeout: 300_000,
  maxWorkers: 1,
};
