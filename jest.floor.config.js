const everything = require('./jest.config.js');

/** Slow tests, and tests of tools that run on the Node of the image. */
const excluded = 'cluster,compose,deploy,docs,end-to-end,examples,interop,lint,security';

/** The fast tests and one of the whole service: they run on the oldest Node that package.json allows. */
/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  testMatch: [
    '<rootDir>/test/**/*.test.ts',
    `!**/test/{${excluded}}/**`,
    '<rootDir>/test/end-to-end/webhook-to-mail.test.ts',
  ],
};
