const everything = require('./jest.config.js');

/** The fast part, with one look at the whole service: what runs on the oldest Node that is allowed. */
const fast = [
  '*',
  '{activities,admin,commands,config,http,parse,telemetry,temporal,upload,webhook}/*',
  'clients/**/*',
  'end-to-end/webhook-to-mail',
  'workflows/**/*',
];

/** @type {import('jest').Config} */
module.exports = {
  ...everything,
  testMatch: fast.map((name) => `<rootDir>/test/${name}.test.ts`),
};
