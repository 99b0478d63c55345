// Which files may use which members of the process, and which globals workflows must not use.
import { filesOf, product } from './places.mjs';

const env = {
  property: 'env',
  message: 'Only src/config reads the environment, checked and once: add the name there.',
};
const ends = ['exit', 'exitCode'].map((property) => ({
  property,
  message: 'Only src/cli.ts ends the process: throw, or return the result to it.',
}));
const prints = ['stdout', 'stderr'].map((property) => ({
  property,
  message: 'Only src/cli.ts prints: return the text to it, or use the logger.',
}));

/** The last row that holds a file holds alone. */
const restricted = [
  { places: product, members: [env, ...ends, ...prints] },
  { places: ['src/config/config.ts'], members: [...ends, ...prints] },
  { places: ['src/telemetry/logger.ts'], members: [env, ...ends] },
  { places: ['src/cli.ts'], members: [env] },
  { places: ['test'], members: ends },
];

/** Globals of Node that the sandbox of workflows lacks. */
const sandboxed = ['process', 'Buffer', 'fetch', 'global', 'require', '__dirname', '__filename'];

/** Globals of browsers, which the types of the page's templates declare for all code. */
const browsers = ['document', 'event', 'location', 'name', 'origin', 'self', 'status', 'window'];

const inBrowsers = browsers.map((name) => ({
  name,
  message: 'Node lacks it, although it compiles: declare the variable that is meant.',
}));

export const processBlocks = [
  ...restricted.map(({ places, members }) => ({
    name: `boundaries: process in ${places[0]}`,
    files: places.map(filesOf),
    rules: {
      'no-restricted-properties': [
        'error',
        ...members.map((member) => ({ object: 'process', ...member })),
      ],
    },
  })),
  {
    name: 'boundaries: globals of browsers',
    files: [...product, 'scripts'].map(filesOf),
    rules: { 'no-restricted-globals': ['error', ...inBrowsers] },
  },
  {
    name: 'boundaries: fetch in tests',
    files: ['test'].map(filesOf),
    rules: {
      'no-restricted-globals': [
        'error',
        {
          name: 'fetch',
          message:
            'Import it from test/support/recorded-fetch.ts: its answers are searched for secrets.',
        },
      ],
    },
  },
  {
    name: 'boundaries: globals in workflows',
    files: ['workflows/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...inBrowsers,
        ...sandboxed.map((name) => ({
          name,
          message:
            'Workflow code is replayed in a sandbox that lacks it: do the work in an activity.',
        })),
      ],
    },
  },
];
