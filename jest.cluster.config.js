const everything = require('./jest.config.js');

/** Tests whose result depends on Temporal's server and its database. */
const marked = [
  'cluster/*',
  'end-to-end/crashes',
  'end-to-end/outages',
  'end-to-end/resend',
  'end-to-end/upload-watch',
  'end-to-end/webhook-to-mail',
];

/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  globalSetup: '<rootDir>/test/support/global-setup-on-cluster.ts',
  testMatch: marked.map((name) => `<rootDir>/test/${name}.test.ts`),
  testPathIgnorePatterns: [],
};
