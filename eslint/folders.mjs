// Which folder may import which: zones of import-x/no-restricted-paths.
import { importX } from 'eslint-plugin-import-x';
import { product, root, routes } from './places.mjs';

/** Functions from bytes to values: no I/O, no framework, no state. */
export const pure = [
  'src/parse',
  'src/webhook/boltroute-format.ts',
  'src/webhook/format.ts',
  'src/webhook/signature.ts',
  'src/upload/file-metadata.ts',
  'src/upload/file-name.ts',
  'src/upload/upload-refusal.ts',
  'src/upload/webhook-url.ts',
];

/** `target` must not import anything of `from`, apart from `except`. */
const everything = [
  {
    target: product,
    from: ['tools', 'test', 'scripts', 'dist'],
    message: 'The image holds src/, activities/ and workflows/ only: move the code into src/.',
  },
  {
    target: 'activities',
    from: '.',
    except: ['activities', 'workflows/core', 'node_modules'],
    message:
      'activities/ imports itself and workflows/core: declare the interface that the activity needs beside it, implement it in src/clients, pass it to createActivities.',
  },
  {
    target: 'workflows',
    from: '.',
    except: ['workflows', 'activities', 'node_modules'],
    message:
      'Workflow code imports itself and types of activities, or its bundle would hold the service: pass the value as an argument.',
  },
  {
    target: 'workflows/core',
    from: 'workflows',
    except: ['core'],
    message: 'activities/ and src/ import workflows/core too: move the code into it.',
  },
  {
    target: 'src/operator',
    from: '.',
    except: [
      'src/operator',
      'src/parse',
      'src/telemetry',
      'activities',
      'workflows',
      'node_modules',
    ],
    message:
      'Every door uses src/operator, so it knows no door, no database and no Temporal client: declare the interface there, implement it in src/clients or src/temporal, take it through deps.',
  },
  {
    target: ['src/webhook', 'src/upload', 'src/http'],
    from: 'src/operator',
    message: 'Nothing of the operator may slow a webhook or an upload: only src/admin uses it.',
  },
  {
    target: 'src/!(commands)/**',
    from: ['src/commands', 'src/cli.ts'],
    message: 'Commands put the parts together: take the part through deps.',
  },
  {
    target: 'scripts',
    from: ['tools', 'test'],
    message: 'Scripts build and check the service without them: move the code into scripts/.',
  },
  {
    target: ['tools/*/*.ts', 'tools/*/!(test)/**'],
    from: ['test/**', 'tools/*/test/**'],
    message: 'Tools run without the tests: move the code into tools/sandbox.',
  },
  {
    target: 'tools/sandbox',
    from: ['tools/prove', 'tools/bench'],
    message: 'The sandbox serves the other tools and knows none: move the code into tools/sandbox.',
  },
  {
    target: 'tools/prove',
    from: 'tools/bench',
    message: 'What prove and bench share stands in the sandbox: move the code into tools/sandbox.',
  },
  {
    target: 'tools/bench',
    from: 'tools/prove',
    message: 'What prove and bench share stands in the sandbox: move the code into tools/sandbox.',
  },
];

/** Zones in which types may be imported: they are erased by the compiler. */
const values = [
  {
    target: 'workflows',
    from: 'activities',
    message:
      'Workflows know types of activities only, or their bundle would hold the code: write import type, and call them through proxyActivities.',
  },
  {
    target: routes,
    from: ['src/temporal', 'src/clients'],
    message: 'A command makes the client and passes it to the route: take it through deps.',
  },
  {
    target: ['src/temporal', 'src/clients', 'src/config', 'src/telemetry'],
    from: routes,
    message: 'Routes use the clients, not the other way round: pass the value as an argument.',
  },
  {
    target: 'src/telemetry',
    from: 'src',
    except: ['telemetry', 'parse'],
    message: 'Every part logs and counts, so telemetry knows none: pass the value as an argument.',
  },
  {
    target: pure,
    from: '.',
    except: [...pure, 'workflows/core', 'node_modules'],
    message:
      'Parsing is pure and imports src/parse and workflows/core only: pass the value as an argument.',
  },
];

const rule = importX.rules['no-restricted-paths'];

/** The same rule, which lets `import type` and `export type` pass. */
const restrictedValues = {
  ...rule,
  create(context) {
    const isType = ({ parent }) => [parent.importKind, parent.exportKind].includes('type');
    const report = (problem) => isType(problem.node) || context.report(problem);
    return rule.create(Object.create(context, { report: { value: report } }));
  },
};

const zones = (table) => ['error', { basePath: root, zones: table }];

export const folders = {
  name: 'boundaries: folders',
  files: ['**/*.{ts,tsx}'],
  plugins: { values: { rules: { 'no-restricted-paths': restrictedValues } } },
  rules: {
    'import-x/no-restricted-paths': zones(everything),
    'values/no-restricted-paths': zones(values),
  },
};
