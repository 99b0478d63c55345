const everything = require('./jest.config.js');

/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  testMatch: ['<rootDir>/test/interop/*.test.ts'],
  testPathIgnorePatterns: [],
};
