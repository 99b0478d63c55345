const packagesBut = (allowed) => [
  'error',
  {
    selector: `ImportExpression:not([source.value=${allowed}])`,
    message:
      'A dynamic import escapes the boundaries of packages: import it at the head of the file.',
  },
];

/** Files of our own may be loaded late: zones see these imports too. */
const ownFiles = '/^\\.\\u002F/';

export const dynamicImports = [
  {
    name: 'boundaries: dynamic imports',
    files: ['{src,activities,workflows}/**/*.{ts,tsx}'],
    rules: { 'no-restricted-syntax': packagesBut(ownFiles) },
  },
  {
    name: 'boundaries: dynamic imports of migrations',
    files: ['src/clients/postgres/migrations.ts'],
    // An ES module without a CommonJS entry.
    rules: { 'no-restricted-syntax': packagesBut('"node-pg-migrate"') },
  },
];
