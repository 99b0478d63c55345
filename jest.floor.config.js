const everything = require('./jest.config');

/** The fast part, with one look at the whole service: what runs on the oldest Node that is allowed. */
const fast = [
  '*',
  'activities/*',
  'clients/*',
  'end-to-end/webhook-to-mail',
  'http/*',
  'upload/*',
  'webhook/*',
  'workflows/*',
];

/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  testMatch: fast.map((name) => `<rootDir>/test/${name}.test.ts`),
};
