import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const files = [
  '.ci/run',
  '.dockerignore',
  '.env.example',
  '.gitignore',
  'Dockerfile',
  'deploy',
  'docker-compose.yml',
  'docs/configuration.md',
  'package-lock.json',
  'package.json',
  'tools/sandbox/cluster/cluster-binaries.ts',
  'test/interop/support/haraka/package-lock.json',
];

/** What is planted: the file, what stands there, what is put in its place, and what must be said. */
const planted: [string, string, string | RegExp, string, string][] = [
  ['broken YAML', 'docker-compose.yml', 'services:', 'services: [', 'docker-compose.yml: '],
  [
    'an unknown key',
    'docker-compose.yml',
    'stop_grace_period: 14m',
    'stop_grace_perod: 12m',
    '/services/worker must NOT have additional properties {"additionalProperty":"stop_grace_perod"}',
  ],
  [
    'a number as an argument',
    'docker-compose.yml',
    "127.0.0.1, '7233']",
    '127.0.0.1, 7233]',
    '/services/temporal/healthcheck/test/4 must be string',
  ],
  [
    'a latest image',
    'docker-compose.yml',
    'ui:2.53.3',
    'ui:latest',
    'temporal-ui: temporalio/ui:latest',
  ],
  [
    'an image without a tag',
    'docker-compose.yml',
    /ui:2\.53\.3@sha256:\w+/,
    'ui',
    'temporal-ui: temporalio/ui is not',
  ],
  [
    'an image by its tag alone',
    'docker-compose.yml',
    /mailpit:v1\.31\.2@sha256:\w+/,
    'mailpit:v1.31.2',
    'mailpit: axllent/mailpit:v1.31.2 has no digest',
  ],
  [
    'a base image by its tag alone',
    'Dockerfile',
    /@sha256:\w+/,
    '',
    'Dockerfile: node:24.21.0-bookworm-slim has no digest',
  ],
  [
    'a Temporal that the tests do not run on',
    'tools/sandbox/cluster/cluster-binaries.ts',
    'cmd/server@v1.31.2',
    'cmd/server@v1.31.1',
    'docker-compose.yml: temporalio/server:1.31.2 differs from the cluster of the tests',
  ],
  [
    'a service on the default network',
    'docker-compose.yml',
    '    networks: [relay, mailpit-port]\n',
    '',
    'mailpit: has no networks of its own',
  ],
  [
    'a relay that reaches Temporal',
    'docker-compose.yml',
    'networks: [relay, mailpit-port]',
    'networks: [relay, temporal, mailpit-port]',
    'mailpit: must not join the network temporal',
  ],
  [
    'a database network that leads out',
    'docker-compose.yml',
    '  database: { internal: true }',
    '  database:',
    'network database: leads out of this host',
  ],
  [
    'a port network of two services',
    'docker-compose.yml',
    'networks: [temporal, ui-port]',
    'networks: [temporal, temporal-port]',
    'network temporal-port: must have one service',
  ],
  [
    'a network that is missing',
    'docker-compose.yml',
    'networks: [temporal, ui-port]',
    'networks: [temporal, pages]',
    'temporal-ui: joins pages, which is no network',
  ],
  [
    'our image without a version',
    'docker-compose.yml',
    'BULK_NOTIFY_VERSION:-0.2.0',
    'BULK_NOTIFY_VERSION:-latest',
    'api: bulk-notify:${BULK_NOTIFY_VERSION:-latest} is not pinned',
  ],
  [
    'a service that is missing',
    'docker-compose.yml',
    'temporal-schema:\n    image',
    'temporal-tables:\n    image',
    'temporal: depends on temporal-schema, which is no service',
  ],
  [
    'a wait for health without a check',
    'docker-compose.yml',
    'setup: { condition: service_completed_successfully }\n    healthcheck',
    'temporal-schema: { condition: service_healthy }\n    healthcheck',
    'api: waits for the health of temporal-schema, which has no health check',
  ],
  [
    'a wait for the end of a server',
    'docker-compose.yml',
    'setup: { condition: service_completed_successfully }\n    healthcheck',
    'temporal: { condition: service_completed_successfully }\n    healthcheck',
    'api: waits for the end of temporal, which is restarted for ever',
  ],
  [
    'a need of a service of the dev profile',
    'docker-compose.yml',
    'mailpit: { condition: service_healthy, required: false }',
    'mailpit: { condition: service_healthy }',
    'worker: depends on mailpit, which runs in a profile only',
  ],
  [
    'a circle of waits',
    'docker-compose.yml',
    'temporal: { condition: service_healthy }\n      dev-tables',
    'api: { condition: service_healthy }\n      dev-tables',
    'setup: waits for itself',
  ],
  [
    'a service of ours without a health check',
    'docker-compose.yml',
    '    healthcheck: *ready\n',
    '',
    'worker: has no health check',
  ],
  [
    'a duration that is none',
    'docker-compose.yml',
    'stop_grace_period: 50s',
    'stop_grace_period: 45 seconds',
    'api: 45 seconds is no duration',
  ],
  [
    'a writable root file system',
    'docker-compose.yml',
    '  read_only: true\n',
    '',
    'api: may write to its root file system',
  ],
  [
    'a heap as large as the container',
    'docker-compose.yml',
    '--max-old-space-size=640',
    '--max-old-space-size=1024',
    'worker: needs a heap limit',
  ],
  [
    'a port on every address',
    'docker-compose.yml',
    '127.0.0.1:8025:8025',
    '8025:8025',
    'mailpit: publishes 8025:8025 on every address',
  ],
  [
    'a mount of nothing',
    'docker-compose.yml',
    './deploy/temporal/schema.sh',
    './deploy/temporal/tables.sh',
    'temporal-schema: mounts ./deploy/temporal/tables.sh, which does not exist',
  ],
  [
    'a volume that is missing',
    'docker-compose.yml',
    'volumes:\n  postgres:\n',
    'volumes:\n',
    'postgres: mounts postgres, which is no volume',
  ],
  [
    'a secret that the service does not have',
    'docker-compose.yml',
    'secrets: [database_url, admin_database_url, temporal_api_key]',
    'secrets: [admin_database_url, temporal_api_key]',
    'setup: reads the secret database_url without having it',
  ],
  [
    'a secret that the script does not make',
    'deploy/make-secrets.sh',
    'secret smtp_password',
    'secret smtp_pass',
    'secret smtp_password: is not made by deploy/make-secrets.sh',
  ],
  [
    'a secret as a plain variable',
    'docker-compose.yml',
    'SMTP_PASSWORD_FILE: /run/secrets/smtp_password',
    'SMTP_PASSWORD:',
    'worker: SMTP_PASSWORD is a secret: give it as SMTP_PASSWORD_FILE',
  ],
  ['secrets in git', '.gitignore', '/secrets/', '', '.gitignore: secrets/ is not ignored'],
  [
    'a variable that is not explained',
    '.env.example',
    /^SMTP_SERVER=.*\n/m,
    '',
    '.env.example: SMTP_SERVER is missing, which docker-compose.yml uses',
  ],
  [
    'a variable that no service gets',
    'docker-compose.yml',
    '      SMTP_UNCERTAIN_POLICY:\n',
    '',
    '.env.example: SMTP_UNCERTAIN_POLICY has no effect',
  ],
  [
    'a variable that .env.example lacks',
    'docs/configuration.md',
    '| `LOG_LEVEL` ',
    '| `LOG_COLOUR`',
    '.env.example: LOG_COLOUR is missing, which docs/configuration.md has',
  ],
  [
    'a secret that .env.example does not call one',
    '.env.example',
    '# Secret: password for AUTH',
    '# Password for AUTH',
    '.env.example: SMTP_PASSWORD is a secret: say so in the line above it',
  ],
  [
    'a variable that a service reads and does not get',
    'docker-compose.yml',
    '      SUPABASE_ANON_KEY:\n',
    '',
    'docker-compose.yml: api: reads SUPABASE_ANON_KEY, which is not passed on to it',
  ],
  [
    'an instruction that is none',
    'Dockerfile',
    'EXPOSE 8080',
    'EXPOSES 8080',
    'Unknown instruction: EXPOSES',
  ],
  [
    'an argument that is none',
    'Dockerfile',
    'EXPOSE 8080 8081',
    'EXPOSE eighty',
    'Invalid containerPort: eighty',
  ],
  [
    'a base image by its major version',
    'Dockerfile',
    /node:[\d.]+-bookworm-slim/,
    'node:24-bookworm-slim',
    'Dockerfile: node:24-bookworm-slim@',
  ],
  [
    'an image that runs as root',
    'Dockerfile',
    /^USER .*$/m,
    '',
    'Dockerfile: the image runs as root',
  ],
  [
    'an entry point with a shell',
    'Dockerfile',
    'ENTRYPOINT ["node", "dist/src/cli.js"]',
    'ENTRYPOINT node dist/src/cli.js',
    'Dockerfile: ENTRYPOINT is not a list',
  ],
  ['a build of everything', '.dockerignore', /^\*$/m, 'node_modules', '.dockerignore: must ignore'],
  ['tools in the image', '.dockerignore', '!src\n', '!src\n!tools\n', 'lets tools into the image'],
  [
    'an image with a Node that is too old',
    'Dockerfile',
    /FROM node:\d+\.\d+\.\d+/,
    'FROM node:18.20.8',
    'Dockerfile: Node 18.20.8 is older than engines.node',
  ],
  [
    'the types of a newer Node than the oldest',
    'package.json',
    /"@types\/node": "\d+/,
    '"@types/node": "24',
    'is not for the oldest Node, 20.19.0',
  ],
  [
    'a CI without the Node of the image',
    '.ci/run',
    'node-version.mjs image',
    'node-version.mjs floor',
    '.ci/run: does not test on the Node of the image',
  ],
  [
    'a lock file for one platform',
    'package-lock.json',
    '"node_modules/@swc/core-darwin-arm64": {',
    '"node_modules/@swc/core-darwin-other": {',
    'package-lock.json: @swc/core-darwin-arm64 is missing',
  ],
  [
    'a package without integrity',
    'package-lock.json',
    /"integrity": "sha512-[^"]*",/,
    '',
    ' has no integrity: npm view ',
  ],
  [
    'a package from one registry',
    'package-lock.json',
    /("node_modules\/ajv": \{)/,
    '"node_modules/ajv": { "resolved": "https://packages.example/ajv.tgz",',
    'package-lock.json: node_modules/ajv names the registry it came from',
  ],
  [
    'a package of the tests without integrity',
    'test/interop/support/haraka/package-lock.json',
    /"integrity": "sha512-[^"]*",/,
    '',
    'haraka/package-lock.json: node_modules/@haraka/email-address has no integrity',
  ],
];
const rows = planted.map(([name, file, from, to, said]) => ({ name, file, from, to, said }));

describe('deploy:check', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'check-deploy-'));
  let faults: string[][];

  beforeAll(async () => {
    const directories = rows.map((row, index) => plant(row, join(scratch, String(index))));
    const input = JSON.stringify([root, ...directories]);
    const { stdout } = await run(['test/deploy/check-directories.mjs'], input);
    faults = JSON.parse(stdout) as string[][];
  });

  afterAll(() => {
    rmSync(scratch, { recursive: true });
  });

  it('finds no fault in our files', () => {
    expect(faults[0]).toEqual([]);
  });

  it.each(rows.map((row, index) => ({ ...row, index })))(
    'finds $name in $file',
    ({ said, index }) => {
      expect(faults[index + 1]).toContainEqual(expect.stringContaining(said));
    },
  );

  it('ends with 0 when there is no fault', async () => {
    expect(await run(['scripts/check-deploy.mjs'])).toMatchObject({ code: 0, stderr: '' });
  });

  it('prints the faults and ends with 1 when there is one', async () => {
    const result = await run(['scripts/check-deploy.mjs', join(scratch, '1')]);

    expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining('stop_grace_perod') });
  });
});

function plant({ file, from, to }: (typeof rows)[number], directory: string): string {
  for (const path of files) cpSync(join(root, path), join(directory, path), { recursive: true });
  const text = readFileSync(join(root, file), 'utf8');
  const planted = text.replace(from, () => to);
  if (planted === text) throw new Error(`${file} has no ${String(from)}`);
  writeFileSync(join(directory, file), planted);
  return directory;
}

function run(
  args: string[],
  input = '',
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, args, { cwd: root }, (_error, stdout, stderr) => {
      done({ code: child.exitCode ?? -1, stdout, stderr });
    });
    child.stdin?.end(input);
  });
}
