import { type Found, lint, type Text } from './lint';

const at = (path: string, code: string): Text => ({ path, code });
/** Type information needs a program, so the path is that of a file that exists. */
const typed = (code: string): Text => ({
  path: 'workflows/core/workflow-id.ts',
  code,
  typed: true,
});

/** By rule: the name of the breach, part of the message, the breach, and a right counter-example. */
const table: Record<string, [string, string, Text, Text][]> = {
  'no-restricted-properties': [
    [
      'the environment read in place',
      'Only src/config reads',
      at('src/clients/x.ts', 'export const host = process.env.SMTP_SERVER;'),
      at('src/config/config.ts', 'export const host = process.env.SMTP_SERVER;'),
    ],
    [
      'the environment taken apart',
      'Only src/config reads',
      at('src/telemetry/logger.ts', 'export const { env } = process;'),
      at('tools/sandbox/x.ts', 'export const { env } = process;'),
    ],
    [
      'the environment in an activity',
      'Only src/config reads',
      at('activities/x.ts', "export const host = process.env['SMTP_SERVER'];"),
      at('test/x.ts', "export const host = process.env['SMTP_SERVER'];"),
    ],
    [
      'the exit code set by a command',
      'Only src/cli.ts ends',
      at('src/commands/x.ts', 'process.exitCode = 2;'),
      at('src/cli.ts', 'process.exitCode = 2;'),
    ],
    [
      'an exit in a module',
      'Only src/cli.ts ends',
      at('src/http/x.ts', 'process.exit(1);'),
      at('src/cli.ts', 'process.exit(1);'),
    ],
    [
      'a line printed by a command',
      'Only src/cli.ts prints',
      at('src/commands/x.ts', "process.stdout.write('sent');"),
      at('src/cli.ts', "process.stdout.write('sent');"),
    ],
  ],
  'no-restricted-globals': [
    [
      'the process in a workflow',
      'replayed in a sandbox',
      at('workflows/x.ts', 'export const pid = () => process.pid;'),
      at('workflows/x.ts', 'export const now = () => Date.now();'),
    ],
    [
      'a global of browsers',
      'Node lacks it',
      at('src/http/x.ts', 'export const path = () => location;'),
      at('src/http/x.ts', 'export const path = (location: string) => location;'),
    ],
    [
      'an answer in a test that leaves no record',
      'searched for secrets',
      at('test/http/x.ts', "export const answer = () => fetch('http://x.example');"),
      at('tools/sandbox/x.ts', "export const answer = () => fetch('http://x.example');"),
    ],
  ],
  'no-console': [
    [
      'the console in a command',
      'Unexpected console',
      at('src/commands/x.ts', "console.log('well');"),
      at('src/cli.ts', "console.log('well');"),
    ],
    [
      'the console in a workflow',
      'Unexpected console',
      at('workflows/x.ts', "console.log('sent');"),
      at('scripts/bundle-workflows.ts', "console.log('bundled');"),
    ],
  ],
  'no-restricted-syntax': [
    [
      'a dynamic import of a package',
      'escapes the boundaries',
      at('src/commands/x.ts', "export const pg = () => import('pg');"),
      at('src/cli.ts', "export const api = () => import('./commands/api');"),
    ],
    [
      'another dynamic import beside the migrations',
      'escapes the boundaries',
      at('src/clients/postgres/migrations.ts', "export const pg = () => import('pg');"),
      at(
        'src/clients/postgres/migrations.ts',
        "export const runner = () => import('node-pg-migrate');",
      ),
    ],
    [
      'an index file',
      'after its one export',
      at('src/clients/index.ts', "export { x } from './ledger';"),
      at('activities/index.ts', "export { x } from './ledger';"),
    ],
  ],
  'no-restricted-exports': [
    [
      'a default export',
      "'default'",
      at('src/http/x.ts', 'export default function shutdown() {}'),
      at('jest.config.mjs', 'export default {};'),
    ],
  ],
  'import-x/no-cycle': [
    [
      'a cycle',
      'Dependency cycle',
      at('workflows/notification/bulk-upload-notification.ts', "export * from '../index';"),
      at(
        'workflows/notification/bulk-upload-notification.ts',
        "export * from '../core/workflow-id';",
      ),
    ],
  ],
  'import-x/no-extraneous-dependencies': [
    [
      'a dev dependency in the product',
      "in the project's dependencies",
      at('src/clients/smtp/x.ts', "export * from 'smtp-server';"),
      at('tools/sandbox/x.ts', "export * from 'smtp-server';"),
    ],
    [
      'a package of the tools in a script',
      "in the project's dependencies",
      at('scripts/x.ts', "export * from 'busboy';"),
      at('tools/sandbox/x.ts', "export * from 'busboy';"),
    ],
  ],
  '@typescript-eslint/no-import-type-side-effects': [
    [
      'an import that only seems erased',
      'side effect import',
      at('src/http/x.ts', "import { type X } from './y';\nexport const x = {} as X;"),
      at('src/http/x.ts', "import type { X } from './y';\nexport const x = {} as X;"),
    ],
  ],
  '@typescript-eslint/no-unused-vars': [
    [
      'an unused argument',
      'never used',
      at('src/http/x.ts', 'export const x = (first: string) => 1;'),
      at('src/http/x.ts', 'export const x = (_first: string) => 1;'),
    ],
  ],
  'regexp/no-super-linear-move': [
    [
      'an expression that starts anew at each blank',
      'quadratic runtime',
      at('activities/x.ts', "export const trim = (s: string) => s.replace(/\\s+$/, '');"),
      at('activities/x.ts', 'export const trim = (s: string) => s.trimEnd();'),
    ],
    [
      'the same in a test of a script',
      'quadratic runtime',
      at('scripts/x.mjs', 'export const ends = (s) => /<[^>]*>$/.test(s);'),
      at('scripts/x.mjs', 'export const ends = (s) => /<[^<>]*>$/.test(s);'),
    ],
    [
      'a part of an expression',
      'quadratic runtime',
      at('tools/sandbox/x.ts', 'export const TAG = /<.+>/;'),
      at('tools/sandbox/x.ts', 'export const TAG = /<[^<>]+>/;'),
    ],
  ],
  'regexp/no-super-linear-backtracking': [
    [
      'quantifiers that exchange characters',
      'polynomial backtracking',
      at('src/x.ts', 'export const is = (s: string) => /^bearer +(.*)x$/.test(s);'),
      at('src/x.ts', 'export const is = (s: string) => /^bearer +([^ x]*)x$/.test(s);'),
    ],
    [
      'quantifiers inside of each other',
      'exponential backtracking',
      at('workflows/x.ts', 'export const is = (s: string) => /^(?:a+)+$/.test(s);'),
      at('workflows/x.ts', 'export const is = (s: string) => /^a+$/.test(s);'),
    ],
  ],
  eqeqeq: [
    [
      'a loose comparison',
      '===',
      at('src/http/x.ts', "export const x = (y: unknown) => y == '';"),
      at('src/http/x.ts', 'export const x = (y: unknown) => y == null;'),
    ],
  ],
  'jest/no-focused-tests': [
    [
      'a focused test',
      'focused',
      at('test/x.test.ts', "it.only('adds', () => { expect(1).toBe(1); });"),
      at('test/x.test.ts', "it('adds', () => { expect(1).toBe(1); });"),
    ],
  ],
  'jest/no-disabled-tests': [
    [
      'a disabled test',
      'skipped',
      at('test/x.test.ts', "it.skip('adds', () => { expect(1).toBe(1); });"),
      at('test/x.test.ts', "it('adds', () => { expect(1).toBe(1); });"),
    ],
  ],
  'jest/expect-expect': [
    [
      'a test that expects nothing',
      'no assertions',
      at('test/x.test.ts', "it('adds', () => { void 1; });"),
      at('test/x.test.ts', "it('adds', () => { expectSum(1); });"),
    ],
  ],
  'jest/no-identical-title': [
    [
      'two tests of one name',
      'title',
      at('test/x.test.ts', "it('a', () => { expect(1); });\nit('a', () => { expect(1); });"),
      at('test/x.test.ts', "it('a', () => { expect(1); });\nit('b', () => { expect(1); });"),
    ],
  ],
  'jest/no-restricted-jest-methods': [
    [
      'a mocked module',
      'through deps',
      at('test/x.test.ts', "jest.mock('../src/cli');"),
      at('test/x.test.ts', 'export const send = jest.fn();'),
    ],
  ],
  '@typescript-eslint/no-floating-promises': [
    [
      'a forgotten await',
      'must be awaited',
      typed('export const x = (send: () => Promise<void>) => { send(); };'),
      typed('export const x = async (send: () => Promise<void>) => { await send(); };'),
    ],
  ],
  '@typescript-eslint/no-misused-promises': [
    [
      'a promise as a condition',
      'conditional',
      typed('export const x = (sent: () => Promise<boolean>) => (sent() ? 1 : 2);'),
      typed('export const x = async (sent: () => Promise<boolean>) => ((await sent()) ? 1 : 2);'),
    ],
  ],
  '@typescript-eslint/await-thenable': [
    [
      'an await of a value',
      'Unexpected `await`',
      typed('export const x = async (sent: boolean) => { await sent; };'),
      typed('export const x = async (sent: Promise<boolean>) => { await sent; };'),
    ],
  ],
  '@typescript-eslint/return-await': [
    [
      'a promise that leaves its try',
      'is required in this context',
      typed('export async function x(y: Promise<void>) { try { return y; } catch { return; } }'),
      typed(
        'export async function x(y: Promise<void>) { try { return await y; } catch { return; } }',
      ),
    ],
  ],
  '@typescript-eslint/switch-exhaustiveness-check': [
    [
      'a switch without one of its cases',
      '"b"',
      typed("export function x(y: 'a' | 'b') { switch (y) { case 'a': return 1; } }"),
      typed("export function x(y: 'a' | 'b') { switch (y) { case 'a': case 'b': return 1; } }"),
    ],
  ],
  '@typescript-eslint/consistent-type-imports': [
    [
      'a type imported as a value',
      'import type',
      at('src/x.ts', "import { X } from './y';\nexport const x = {} as X;"),
      at('src/x.ts', "import type { X } from './y';\nexport const x = {} as X;"),
    ],
  ],
};

const rows = Object.entries(table).flatMap(([rule, cases]) =>
  cases.map(([name, message, breach, right]) => ({ rule, name, message, breach, right })),
);

describe('the lint rules', () => {
  const found = new Map<Text, Found[]>();

  beforeAll(async () => {
    const texts = rows.flatMap(({ breach, right }) => [breach, right]);
    const messages = await lint(texts);
    texts.forEach((text, index) => found.set(text, messages[index] ?? []));
  });

  it.each(rows)('refuse $name in $breach.path: $rule', ({ rule, message, breach }) => {
    expect(found.get(breach)).toContainEqual({ rule, message: expect.stringContaining(message) });
  });

  it.each(rows)('allow $right.path what is not $name: $rule', ({ rule, right }) => {
    expect(found.get(right)?.filter((message) => message.rule === rule)).toEqual([]);
  });
});
