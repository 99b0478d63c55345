const everything = require('./jest.config.js');

/** Tests marked `cluster`: those whose verdict Temporal's server and its database have a part in. */
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
