import { type Found, lint } from './lint';

const rule = '@typescript-eslint/no-restricted-imports';

/** Planted imports: file, module (`type` for import type), part of the message | what is right instead. */
const table = `
src/http/routes/webhook.ts   @temporalio/client             knows no Temporal           | src/notifications.ts          @temporalio/client
src/commands/api.ts          @temporalio/client             Only src/notifications.ts   | src/temporal.ts               @temporalio/client
src/commands/api.ts          type:@temporalio/client        Only src/notifications.ts   | src/notifications.ts          type:@temporalio/client
src/commands/worker.ts       @temporalio/worker             Only src/worker.ts          | src/worker.ts                 @temporalio/worker
src/metrics.ts               type:@temporalio/worker        Only src/worker.ts          | src/temporal-logger.ts        type:@temporalio/worker
src/commands/setup.ts        @temporalio/client             Only src/notifications.ts   | src/temporal-namespace.ts     @temporalio/client
src/notifications.ts         @temporalio/worker             Only src/worker.ts          | src/temporal.ts               @temporalio/worker
scripts/release.ts           @temporalio/worker             Only src/worker.ts          | scripts/bundle-workflows.ts   @temporalio/worker
src/temporal-namespace.ts    @temporalio/envconfig          read the connection         | src/config.ts                 @temporalio/envconfig
src/notifications.ts         @temporalio/envconfig          read the connection         | src/temporal.ts               @temporalio/envconfig
src/commands/worker.ts       nodemailer                     speak to a relay            | src/clients/smtp.ts           nodemailer
src/clients/ledger.ts        nodemailer/lib/mime-funcs      speak to a relay            | src/clients/subject-header.ts nodemailer/lib/mime-funcs
src/commands/doctor.ts       pg                             speak to Postgres           | src/clients/ledger.ts         pg
src/notifications.ts         type:pg                        speak to Postgres           | src/migrations.ts             type:pg
src/clients/smtp.ts          pg                             speak to Postgres           | src/clients/database.ts       pg
src/clients/database.ts      node-pg-migrate                changes the schema          | src/migrations.ts             node-pg-migrate

src/http/app.ts              nodemailer                     speak to a relay            | src/http/app.ts               koa
src/http/routes/ops.ts       pg                             speak to Postgres           | src/http/routes/ops.ts        prom-client
src/http/error-handler.ts    @temporalio/common             knows no Temporal           | src/http/error-handler.ts     ../logger
src/http/routes/admin.ts     ../../clients/ledger           and TaskApi only            | src/http/routes/admin.ts      type:../../clients/ledger
src/http/routes/ops.ts       ../../temporal                 and TaskApi only            | src/http/routes/ops.ts        ../../notifications

src/webhook/signature.ts     type:koa                       turn bytes into values      | src/webhook/signature.ts      node:crypto
src/webhook/event.ts         @temporalio/workflow           turn bytes into values      | src/webhook/event.ts          ../../workflows/workflow-id
src/webhook/event.ts         ../clients/ledger              are pure                    | src/webhook/event.ts          ../scalars
src/webhook/event.ts         ../../activities/send-mail     are pure                    | src/webhook/event.ts          type:../../workflows/core/event
src/scalars.ts               ./logger                       are pure                    | src/scalars.ts                zod
src/scalars.ts               ../activities/file-name        are pure                    | src/scalars.ts                ../workflows/core/trim-blanks
src/parse-json.ts            ./logger                       are pure                    | src/upload/file-metadata.ts   ../parse-json
src/bounded-json.ts          ./logger                       are pure                    | src/webhook/event.ts          ../bounded-json
src/upload/file-metadata.ts  node:fs                        turn bytes into values      | src/upload/file-metadata.ts   zod
src/upload/file-metadata.ts  pg                             turn bytes into values      | src/upload/file-metadata.ts   ./column
src/upload/file-metadata.ts  nodemailer                     turn bytes into values      | src/upload/file-metadata.ts   ../webhook/event

activities/send-mail.ts      nodemailer                     and Node only               | activities/send-mail.ts       @temporalio/activity
activities/send-mail.ts      @temporalio/common             and Node only               | activities/send-mail.ts       ../workflows/core/event
activities/fetch-task.ts     zod                            and Node only               | activities/fetch-task.ts      node:url
activities/fetch-task.ts     type:../src/clients/task-api   nothing but itself          | activities/fetch-task.ts      type:./task-api
activities/ledger.ts         type:../workflows/messages     nothing but itself          | activities/ledger.ts          type:../workflows/core/event

workflows/look-up.ts         ../activities                  types of activities only    | workflows/look-up.ts          type:../activities
workflows/look-up.ts         ../activities/failures         types of activities only    | workflows/look-up.ts          type:../activities/types
workflows/look-up.ts         ../activities/send-mail        types of activities only    | workflows/look-up.ts          ./core/step-failure
workflows/identity.ts        node:crypto                    replayed in a sandbox       | workflows/identity.ts         @temporalio/workflow
workflows/messages.ts        zod                            replayed in a sandbox       | workflows/messages.ts         ./reasons
workflows/start.ts           @temporalio/client             replayed in a sandbox       | workflows/start.ts            @temporalio/common
workflows/notification.ts    type:../src/webhook/event      nothing but itself          | workflows/notification.ts     type:../activities/types

src/config.ts                node:process                   an import would hide        | sandbox/demo.ts               node:process
src/commands/doctor.ts       ../../sandbox/relay            The image holds             | sandbox/demo.ts               ../src/commands/api
src/config.ts                type:../test/support/parts     The image holds             | test/config.test.ts           type:./support/parts
src/metrics.ts               ../bench/load                  The image holds             | bench/load.ts                 ../src/metrics
sandbox/provider.ts          ../test/support/parts          must run without them       | test/sandbox/relay.test.ts    ../../sandbox/relay
sandbox/provider.ts          ../bench/load                  must run without them       | sandbox/provider.ts           ./relay
bench/load.ts                ../test/support/parts          without the tests           | bench/load.ts                 ../sandbox/relay
scripts/bundle-workflows.ts  ../sandbox/relay               builds and checks           | scripts/bundle-workflows.ts   ../src/logger
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

describe('who may import whom', () => {
  let breaches: Found[][];
  let counterExamples: Found[][];

  beforeAll(async () => {
    const found = await lint([
      ...rows.map(({ path, module }) => importing(path, module)),
      ...rows.map(({ rightPath, rightModule }) => importing(rightPath, rightModule)),
    ]);
    breaches = found.slice(0, rows.length);
    counterExamples = found.slice(rows.length);
  }, 30_000);

  it.each(rows)('keeps $module out of $path, and says "… $message …"', ({ message, index }) => {
    expect(breaches[index]).toContainEqual({ rule, message: expect.stringContaining(message) });
  });

  it.each(rows)('lets $rightPath import $rightModule, unlike $path $module', ({ index }) => {
    expect(counterExamples[index]?.filter((message) => message.rule === rule)).toEqual([]);
  });
});

function importing(path: string, module: string) {
  const name = module.replace('type:', '');
  const code =
    name === module
      ? `import { x } from '${name}';\nx();\n`
      : `import type { X } from '${name}';\nexport const x = {} as X;\n`;
  return { path, code };
}
