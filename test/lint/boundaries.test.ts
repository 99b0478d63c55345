import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { dependencies } from '../../package.json';
import { type Found, lint } from './lint';

const root = join(__dirname, '../..');
const rules = [
  'no-restricted-imports',
  'import-x/no-restricted-paths',
  'values/no-restricted-paths',
  'import-x/no-extraneous-dependencies',
];

/** Breaches: file, module (`type:` for import type), part of the message | a right counter-example. */
const table = `
src/http/x.ts              @temporalio/client                take Notifications through   | src/temporal/x.ts           @temporalio/client
src/commands/x.ts          type:@temporalio/client           take Notifications through   | src/temporal/x.ts           type:@temporalio/client
src/commands/x.ts          @temporalio/worker                put the call there           | src/temporal/x.ts           @temporalio/worker
scripts/x.ts               @temporalio/worker                put the call there           | scripts/bundle-workflows.ts @temporalio/worker
src/temporal/x.ts          @temporalio/activity              inside an activity only      | activities/x.ts             @temporalio/activity
src/temporal/x.ts          @temporalio/workflow              inside a workflow only       | workflows/x.ts              @temporalio/workflow
src/http/x.ts              @temporalio/common                know Temporal                | src/temporal/x.ts           @temporalio/common/lib/time
src/temporal/x.ts          @temporalio/envconfig             take the value from          | src/config/x.ts             @temporalio/envconfig
activities/x.ts            ms                                take the value from          | src/config/x.ts             ms
src/clients/x.ts           nodemailer                        take a Mailer                | src/clients/smtp/x.ts       nodemailer
src/upload/x.ts            nodemailer/lib/mime-funcs         take a Mailer                | src/clients/smtp/x.ts       nodemailer/lib/mime-funcs
src/commands/x.ts          type:pg                           speaks to Postgres           | src/clients/postgres/x.ts   type:pg
src/clients/smtp/x.ts      pg                                speaks to Postgres           | src/clients/postgres/x.ts   pg
src/clients/postgres/x.ts  node-pg-migrate                   from a command               | src/clients/postgres/migrations.ts node-pg-migrate
src/clients/provider/x.ts  koa                               Only the routes know HTTP    | src/admin/x.ts              koa
src/temporal/x.ts          http-errors                       Only the routes know HTTP    | src/http/x.ts               http-errors
src/webhook/x.ts           @fastify/busboy                   take the parsed form         | src/upload/x.ts             @fastify/busboy
src/admin/x.ts             preact-render-to-string           Only src/admin/page writes   | src/admin/page/x.tsx        preact-render-to-string
src/admin/page/x.tsx       pg                                speaks to Postgres           | src/admin/page/x.tsx        type:preact
src/admin/page/x.tsx       ../../clients/postgres/database   take it through deps         | src/admin/page/x.tsx        ../../operator/search
src/admin/x.ts             jose                              the user of the token        | src/clients/supabase/x.ts   jose
activities/x.ts            zod                               take the parsed value        | src/parse/x.ts              zod
src/http/x.ts              pino                              take a Logger                | src/telemetry/x.ts          pino
src/temporal/x.ts          prom-client                       take Metrics                 | src/http/x.ts               prom-client
src/clients/x.ts           ajv                               in the project's             | scripts/x.ts                ajv
src/config/x.ts            node:process                      the global process           | tools/sandbox/x.ts          node:process

activities/x.ts            ../src/telemetry/logger           imports itself and           | activities/x.ts             ./index
activities/x.ts            type:../src/telemetry/logger      imports itself and           | activities/x.ts             node:url
activities/x.ts            type:../workflows                 imports itself and           | activities/x.ts             ../workflows/core/workflow-id

workflows/x.ts             node:crypto                       do the work in an activity   | workflows/x.ts              @temporalio/common
workflows/x.ts             fs/promises                       do the work in an activity   | activities/x.ts             fs/promises
workflows/x.ts             ../activities                     write import type            | workflows/x.ts              type:../activities
workflows/core/x.ts        ../../activities/index            write import type            | workflows/core/x.ts         type:../../activities/index
workflows/x.ts             type:../src/telemetry/logger      itself and types of          | workflows/x.ts              ./core/workflow-id
workflows/core/x.ts        type:../index                     move the code into it        | workflows/core/x.ts         ./workflow-id

src/webhook/x.ts           ../temporal/client                take it through deps         | src/webhook/x.ts            type:../temporal/client
src/upload/x.ts            ../clients/read-bounded           take it through deps         | src/commands/x.ts           ../clients/read-bounded
src/clients/x.ts           ../http/server                    pass the value               | src/temporal/x.ts           type:../http/server
src/operator/x.ts          type:../clients/postgres/database declare the interface        | src/clients/x.ts            type:../operator/search
src/operator/x.ts          type:../temporal/notifications    declare the interface        | src/admin/x.ts              ../operator/search
src/upload/x.ts            ../operator/search                may slow a webhook           | src/operator/x.ts           zod
src/telemetry/x.ts         ../config/config                  telemetry knows none         | src/telemetry/x.ts          type:../config/config
src/http/x.ts              type:../commands/api              take the part                | src/cli.ts                  ./commands/api
src/commands/x.ts          ../../tools/sandbox/relay/relay   into src/                    | tools/bench/x.ts            ../../src/commands/api
src/config/x.ts            type:../../test/lint/lint         into src/                    | test/config/x.ts            type:../lint/lint

src/webhook/signature.ts   type:koa                          Only the routes know HTTP    | src/webhook/signature.ts    node:crypto
src/upload/file-name.ts    node:fs                           of Node it uses crypto       | src/upload/file-name.ts     zod
src/upload/file-name.ts    ./route                           Parsing is pure              | src/upload/file-name.ts     type:./route
src/parse/x.ts             ../telemetry/logger               Parsing is pure              | src/parse/x.ts              ../../workflows/core/workflow-id

scripts/x.ts               ../tools/sandbox/relay/relay      into scripts/                | scripts/x.ts                ../src/config/config
tools/sandbox/relay/x.ts   ../../../test/lint/lint           without the tests            | tools/sandbox/test/x.ts     ../../../test/lint/lint
tools/bench/x.ts           ./test/smoke.test                 without the tests            | tools/bench/x.ts            ../sandbox/relay/relay
tools/sandbox/x.ts         ../bench/bench                    knows none                   | test/x.ts                   ../tools/bench/bench
tools/prove/x.ts           ../bench/bench                    What prove and bench share   | tools/prove/x.ts            ../sandbox/relay/relay
tools/bench/x.ts           ../prove/prove                    What prove and bench share   | tools/bench/x.ts            ./bench
`;

const rows = table
  .split('\n')
  .filter(Boolean)
  .map((row, index) => {
    const [breach = '', right = ''] = row.split(' | ');
    const [path = '', module = '', ...message] = breach.trim().split(/\s+/);
    const [rightPath = '', rightModule = ''] = right.trim().split(/\s+/);
    return { path, module, message: message.join(' '), rightPath, rightModule, index };
  });

describe('boundaries', () => {
  let breaches: Found[][];
  let counterExamples: Found[][];

  beforeAll(async () => {
    const found = await lint([
      ...rows.map(({ path, module }) => importing(path, module)),
      ...rows.map(({ rightPath, rightModule }) => importing(rightPath, rightModule)),
    ]);
    breaches = found.slice(0, rows.length);
    counterExamples = found.slice(rows.length);
  });

  it.each(rows)('keep $module out of $path, with "… $message …"', ({ message, index }) => {
    const messages = breaches[index]?.filter(({ rule }) => rules.includes(rule));

    expect(messages?.map((found) => found.message)).toEqual([expect.stringContaining(message)]);
  });

  it.each(rows)('let $rightPath import $rightModule, unlike $path $module', (row) => {
    const messages = counterExamples[row.index]?.filter(({ rule }) => rules.includes(rule));

    expect(messages).toEqual([]);
    expect(exists(row.rightPath, row.rightModule)).toBe(true);
  });

  it('name the owners of every dependency', async () => {
    const names = Object.keys(dependencies);
    const code = names.map((name, index) => `export * as x${index} from '${name}';`).join('\n');

    const [found = []] = await lint([{ path: 'src/x.ts', code }]);

    const refused = found.filter(({ rule }) => rule === 'no-restricted-imports');
    expect(refused).toEqual(
      names.map((name) => ({
        rule: 'no-restricted-imports',
        message: expect.stringContaining(`'${name}' import`),
      })),
    );
  });
});

/** Zones ignore imports that do not resolve, so a counter-example must name a file that exists. */
function exists(path: string, module: string): boolean {
  const target = join(root, path, '..', module.replace('type:', ''));
  if (!/^(?:type:)?\./.test(module)) return true;
  return [`${target}.ts`, join(target, 'index.ts')].some((file) => existsSync(file));
}

function importing(path: string, module: string) {
  const name = module.replace('type:', '');
  const code =
    name === module
      ? `import { x } from '${name}';\nx();\n`
      : `import type { X } from '${name}';\nexport const x = {} as X;\n`;
  return { path, code };
}
