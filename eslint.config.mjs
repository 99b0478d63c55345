import eslint from '@eslint/js';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import jest from 'eslint-plugin-jest';
import { configs as regexp } from 'eslint-plugin-regexp';
import { defineConfig, globalIgnores } from 'eslint/config';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { boundaries } from './eslint/boundaries.mjs';

const unusedByIntent = {
  argsIgnorePattern: '^_',
  varsIgnorePattern: '^_',
  caughtErrorsIgnorePattern: '^_',
};

/** Input is hostile: no expression may take more than linear time. */
const regularExpressions = {
  name: 'regular expressions',
  files: ['**/*.{ts,tsx,js,mjs,cjs}'],
  extends: [regexp.recommended],
  rules: {
    // Every expression, whatever it is used for.
    'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
    'regexp/no-super-linear-move': [
      'error',
      { report: 'potential', ignoreSticky: false, ignorePartial: false },
    ],
    // File names and addresses may hold control characters, which these expressions find.
    'no-control-regex': 'off',
    'regexp/no-obscure-range': 'off',
  },
};

const typescript = {
  name: 'typescript',
  files: ['**/*.{ts,tsx}'],
  extends: [eslint.configs.recommended, tseslint.configs.recommendedTypeChecked],
  plugins: { 'import-x': importX },
  languageOptions: {
    parserOptions: {
      projectService: true,
      tsconfigRootDir: import.meta.dirname,
    },
  },
  settings: {
    'import-x/extensions': ['.ts', '.tsx'],
    'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
    'import-x/resolver-next': [createNodeResolver({ extensions: ['.ts', '.tsx', '.js', '.json'] })],
  },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    'no-console': 'error',
    'no-misleading-character-class': ['error', { allowEscape: true }],
    'no-restricted-exports': [
      'error',
      {
        restrictDefaultExports: {
          direct: true,
          named: true,
          defaultFrom: true,
          namedFrom: true,
          namespaceFrom: true,
        },
      },
    ],
    'object-shorthand': 'error',
    '@typescript-eslint/consistent-type-exports': 'error',
    '@typescript-eslint/consistent-type-imports': 'error',
    '@typescript-eslint/no-deprecated': 'error',
    '@typescript-eslint/no-import-type-side-effects': 'error',
    '@typescript-eslint/no-non-null-assertion': 'error',
    '@typescript-eslint/no-unused-vars': ['error', unusedByIntent],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    // Without await, catch does not see the rejection of a promise returned inside try.
    '@typescript-eslint/return-await': ['error', 'in-try-catch'],
    '@typescript-eslint/switch-exhaustiveness-check': [
      'error',
      { considerDefaultExhaustiveForUnions: true },
    ],
    '@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
    'import-x/no-cycle': 'error',
  },
};

/** The image has no development dependencies, and the service must not need the tools' packages. */
const dependencies = [
  {
    name: 'dependencies: service',
    files: ['{src,activities,workflows}/**/*.{ts,tsx}'],
    rules: { 'import-x/no-extraneous-dependencies': ['error', { devDependencies: false }] },
  },
  {
    name: 'dependencies: scripts',
    files: ['scripts/**/*.ts'],
    rules: { 'import-x/no-extraneous-dependencies': 'error' },
  },
  {
    name: 'dependencies: tools and tests',
    files: ['{tools,test}/**/*.ts'],
    rules: {
      'import-x/no-extraneous-dependencies': [
        'error',
        { packageDir: [import.meta.dirname, join(import.meta.dirname, 'tools')] },
      ],
    },
  },
];

const noIndexFiles = {
  name: 'no index files',
  files: ['**/index.ts'],
  ignores: ['activities/index.ts', 'workflows/index.ts'],
  rules: {
    'no-restricted-syntax': [
      'error',
      {
        selector: 'Program',
        message:
          'Name the file after its one export; only activities/ and workflows/ have an index.',
      },
    ],
  },
};

const tests = {
  name: 'tests',
  files: ['test/**/*.ts', 'tools/*/test/**/*.ts'],
  extends: [jest.configs['flat/recommended']],
  rules: {
    'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*', 'assert*'] }],
    'jest/no-commented-out-tests': 'error',
    'jest/no-disabled-tests': 'error',
    'jest/no-restricted-jest-methods': [
      'error',
      Object.fromEntries(
        ['mock', 'doMock', 'unstable_mockModule'].map((method) => [
          method,
          'A mocked module hides the seam; pass a fake through deps.',
        ]),
      ),
    ],
    // Tests read answers as JSON, and their fakes are synchronous.
    '@typescript-eslint/no-non-null-assertion': 'off',
    '@typescript-eslint/no-unsafe-argument': 'off',
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/no-unsafe-call': 'off',
    '@typescript-eslint/no-unsafe-member-access': 'off',
    '@typescript-eslint/no-unsafe-return': 'off',
    '@typescript-eslint/require-await': 'off',
    '@typescript-eslint/unbound-method': 'off',
  },
};

/** Jest calls their default exports. */
const jestHooks = {
  name: 'Jest hooks',
  files: ['test/support/global-*.ts'],
  rules: { 'no-restricted-exports': 'off' },
};

/** The parts of tools are objects of functions without `this`, so they may be destructured. */
const parts = {
  name: 'tools',
  files: ['tools/**/*.ts'],
  rules: { '@typescript-eslint/unbound-method': 'off' },
};

const printing = {
  name: 'programs with output',
  files: ['src/cli.ts', '{tools,scripts}/**/*.ts'],
  rules: { 'no-console': 'off' },
};

const commonjs = {
  name: 'CommonJS configurations',
  files: ['**/*.{js,cjs}'],
  languageOptions: {
    sourceType: 'commonjs',
    globals: { module: 'writable', require: 'readonly', __dirname: 'readonly' },
  },
};

const plainScripts = {
  name: 'scripts and configurations that run without a build',
  files: ['**/*.{js,mjs,cjs}'],
  extends: [eslint.configs.recommended],
  languageOptions: {
    globals: Object.fromEntries(
      ['Blob', 'Buffer', 'FormData', 'console', 'fetch', 'process', 'URL', 'URLSearchParams'].map(
        (name) => [name, 'readonly'],
      ),
    ),
  },
  rules: { 'no-unused-vars': ['error', unusedByIntent] },
};

export default defineConfig([
  globalIgnores(['dist/', 'coverage/']),
  typescript,
  dependencies,
  tests,
  jestHooks,
  parts,
  printing,
  boundaries,
  noIndexFiles,
  plainScripts,
  regularExpressions,
  commonjs,
]);
