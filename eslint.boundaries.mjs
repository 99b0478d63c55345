// Who may import whom, and who may touch the process. One zone for each kind of file: where two
// zones match a file, the later one holds alone. Every message says why, and what to do instead.

const ban = (regex, message) => ({ regex, message });
/** Types are erased by the compiler, so a type from there costs and couples nothing at run time. */
const banValues = (regex, message) => ({ regex, message, allowTypeImports: true });

/** Outside these files nothing in src/ knows the package: not even its types. */
const owned = {
  client: ban(
    '^@temporalio/client(/|$)',
    'Only src/notifications.ts and src/temporal*.ts know the Temporal client; take notifications through deps.',
  ),
  worker: ban(
    '^@temporalio/worker(/|$)',
    'Only src/worker.ts and src/temporal*.ts know the Temporal worker, a native module; put the call there.',
  ),
  envconfig: ban(
    '^@temporalio/envconfig(/|$)',
    'Only src/config.ts and src/temporal.ts read the connection settings; take a connection through deps.',
  ),
  nodemailer: ban(
    '^nodemailer(/|$)',
    'Only src/clients/smtp*.ts and the files of the mail beside them speak to a relay; take a Mailer through deps.',
  ),
  pg: ban(
    '^pg(-pool|-cursor|-query-stream)?(/|$)',
    'Only src/clients/, src/migrations.ts and src/setup-lock.ts speak to Postgres; take the function you need through deps.',
  ),
  migrate: ban(
    '^node-pg-migrate(/|$)',
    'Only src/migrations.ts changes the schema; call it from a command.',
  ),
};

const processModule = ban(
  '^(node:)?process$',
  'Use the global process: its members are allowed file by file, and an import would hide them.',
);
const outsideProduct = ban(
  '^(\\.\\./)+(tools|test|scripts|dist)(/|$)',
  'The image holds src/, activities/ and workflows/ only; move what is needed into src/.',
);
const outsideSandbox = ban(
  '^(\\.\\./)+(test|bench|prove)(/|$)',
  'sandbox/ starts the real parts for others and must run without them; move the code into sandbox/.',
);
const outsideBench = ban(
  '^(\\.\\./)+test(/|$)',
  'bench/ measures the product and must run without the tests; move the code into sandbox/.',
);
const outsideProve = ban(
  '^(\\.\\./)+(test|bench)(/|$)',
  'prove/ breaks the product and must run without the tests; move the code into sandbox/.',
);
const outsideScripts = ban(
  '^(\\.\\./)+(sandbox|test|bench|prove)(/|$)',
  'scripts/ builds and checks the product and must run without these; move the code into scripts/.',
);

const src = (...owners) => [
  processModule,
  outsideProduct,
  ...Object.entries(owned)
    .filter(([name]) => !owners.includes(name))
    .map(([, pattern]) => pattern),
];

const http = [
  ...src(),
  ban(
    '^@temporalio/',
    'src/http answers requests and knows no Temporal; ask notifications, which comes through deps.',
  ),
  banValues(
    '^(\\.\\./)+(temporal/(?!notifications$).*|clients/(?!provider/).*)$',
    'src/http sees notifications and TaskApi only; a command makes the part and passes it through deps.',
  ),
];

const pure = [
  ban(
    '^(?!\\.)(?!node:(buffer|crypto)$)(?!zod(/|$))',
    'src/webhook and src/upload turn bytes into values and do nothing else: node:crypto and zod only. Move the rest to src/http or src/clients.',
  ),
  banValues(
    '^(\\.\\./)+(?!\\.\\./|(workflows|webhook|upload)/|(parse/(scalars|bounded-json|parse-json))$)',
    'src/webhook and src/upload are pure: apart from types, only src/scalars.ts, src/bounded-json.ts, src/parse-json.ts and the pure functions of workflows/. Pass the value in.',
  ),
];
const pureAlone = [
  ...pure,
  banValues(
    '^\\./',
    'src/scalars.ts, src/bounded-json.ts and src/parse-json.ts serve src/webhook and src/upload, which are pure: pass the value in.',
  ),
];

const activities = [
  processModule,
  ban(
    '^(?!\\.)(?!@temporalio/activity$)(?!node:)',
    'activities/ knows @temporalio/activity and Node only. Declare the interface you need beside the activity, implement it in src/clients, take it through deps.',
  ),
  ban(
    '^\\.\\.(/\\.\\.)*(/(src|tools|test|scripts|dist|workflows/(?!core/))|$)',
    'activities/ imports nothing but itself and the pure workflows/core. Declare the interface you need beside the activity and take it through deps.',
  ),
];

const workflows = [
  ban(
    '^(?!\\.)(?!@temporalio/(workflow|common)$)',
    'Workflow code is replayed in a sandbox: @temporalio/workflow (and common, for search attributes) only. Do the work in an activity.',
  ),
  banValues(
    '^\\.\\./(\\.\\./)*activities(/|$)',
    'Workflows see types of activities only, or the bundle would hold their code: write import type and use proxyActivities.',
  ),
  ban(
    '^(\\.\\./)+(src|tools|test|scripts)(/|$)',
    'Workflow code imports nothing but itself and types of activities, or the bundle would hold the rest of the service. Pass the value as an argument.',
  ),
];

const env = {
  property: 'env',
  message: 'Only src/config.ts reads the environment, checked and once; add the name there.',
};
const ends = ['exit', 'exitCode'].map((property) => ({
  property,
  message: 'Only src/cli.ts ends the process; throw, or return the result to it.',
}));
const prints = ['stdout', 'stderr'].map((property) => ({
  property,
  message: 'Only src/cli.ts prints; return the text to it, or use the logger.',
}));
const processMembers = (...members) => [
  'error',
  ...members.map((member) => ({ object: 'process', ...member })),
];

const sandboxed = ['process', 'Buffer', 'fetch', 'global', 'require', '__dirname', '__filename'];

const dynamicImportsBut = (allowed) => [
  'error',
  {
    selector: `ImportExpression:not([source.value=${allowed}])`,
    message: 'A dynamic import gets past the boundaries: import it at the head of the file.',
  },
];

const imports = (patterns) => ({
  '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
});
const zone = (files, patterns, rules = {}) => ({
  name: `boundaries: ${files[0]}`,
  files,
  rules: { ...imports(patterns), ...rules },
});

export const boundaries = [
  {
    name: 'boundaries: product',
    files: ['{src,activities,workflows}/**/*.ts'],
    rules: {
      'no-restricted-properties': processMembers(env, ...ends, ...prints),
      'no-restricted-syntax': dynamicImportsBut('/^\\.\\u002F/'),
    },
  },
  zone(['src/**/*.ts'], src()),
  zone(['src/config/read-temporal.ts'], src('envconfig')),
  zone(['src/config/config.ts'], src(), {
    'no-restricted-properties': processMembers(...ends, ...prints),
  }),
  zone(['src/cli.ts'], src(), { 'no-restricted-properties': processMembers(env) }),
  zone(['src/telemetry/logger.ts'], src(), {
    'no-restricted-properties': processMembers(env, ...ends),
  }),
  zone(['src/temporal/**/*.ts'], src('client', 'worker')),
  zone(['src/temporal/client.ts'], src('client', 'worker', 'envconfig')),
  zone(['src/clients/postgres/**/*.ts'], src('pg')),
  zone(['src/clients/postgres/migrations.ts'], src('pg', 'migrate'), {
    // An ES module without a CommonJS entry.
    'no-restricted-syntax': dynamicImportsBut('"node-pg-migrate"'),
  }),
  zone(['src/clients/smtp/**/*.ts'], src('nodemailer')),
  zone(['src/{http,webhook,upload,admin}/**/*.ts'], http),
  zone(
    [
      'src/webhook/{format,boltroute-format,signature}.ts',
      'src/upload/{file-*,webhook-url,upload-refusal}.ts',
    ],
    pure,
  ),
  zone(['src/parse/*.ts'], pureAlone),
  zone(['activities/**/*.ts'], activities),
  zone(['workflows/**/*.ts'], workflows, {
    'no-restricted-globals': [
      'error',
      ...sandboxed.map((name) => ({
        name,
        message:
          'Workflow code is replayed in a sandbox that lacks it; do the work in an activity.',
      })),
    ],
  }),
  zone(['scripts/**/*.ts'], [...src(), outsideScripts]),
  zone(['scripts/bundle-workflows.ts'], [...src('worker'), outsideScripts]),
  zone(['tools/sandbox/**/*.ts'], [outsideSandbox]),
  zone(['tools/bench/**/*.ts'], [outsideBench]),
  zone(['tools/prove/**/*.ts'], [outsideProve]),
  zone(['tools/*/test/**/*.ts'], []),
  {
    name: 'boundaries: test',
    files: ['test/**/*.ts'],
    rules: { 'no-restricted-properties': processMembers(...ends) },
  },
];
