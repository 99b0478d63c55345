import type { Client } from '@temporalio/client';
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { serviceUrls } from '../../tools/sandbox/service/service-urls';
import type { ServiceProcess } from '../../tools/sandbox/service/service-process';
import { findTemporalBinary } from '../../tools/sandbox/temporal/temporal-binary';
import { waitsForRetry } from '../../tools/sandbox/temporal/pending-activities';
import { until } from '../../tools/sandbox/until';
import { workflowId } from '../../workflows/core/workflow-id';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { untilAnswered } from '../support/until-answered';

const ROOT = join(__dirname, '../..');
const PAGES = ['README.md', 'docs/operations.md'];
const QUERY = /--query '(.+)'/;
const ADMIN_API_TOKEN = 'an-admin-token-of-tests';

let surroundings: Surroundings;
let client: Client;
let api: ServiceProcess;
/** Where `bulk-notify` and `temporal` are found. */
let programs: string;

beforeAll(async () => {
  programs = mkdtempSync(join(tmpdir(), 'commands-test-'));
  symlinkSync(await findTemporalBinary(), join(programs, 'temporal'));
  const command = join(programs, 'bulk-notify');
  const cli = join(ROOT, 'dist/src/cli.js');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${cli}' "$@"\n`);
  chmodSync(command, 0o755);
  [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  [api] = await Promise.all([
    surroundings.start('api', { ADMIN_API_TOKEN }),
    surroundings.start('worker'),
  ]);
});

afterAll(async () => {
  await Promise.all([surroundings.close(), client.connection.close()]);
  rmSync(programs, { recursive: true, force: true });
});

describe.each(PAGES)('the commands of %s that resend', (page) => {
  it.each(commandsOf(page, /signal-with-start|bulk-notify resend/))(
    'send the email once more: %s …',
    async (_, command) => {
      const { taskId, address } = await surroundings.addUpload();
      await surroundings.post(api, { taskId });
      await runOf(taskId).result();

      await run(command, taskId);

      await until('a second email has come', () => messageIdsTo(address).length === 2);
      expect(new Set(messageIdsTo(address)).size).toBe(2);
    },
  );
});

describe('the command of docs/operations.md for after an outage of the relay', () => {
  it.each(commandsOf('docs/operations.md', /temporal activity reset/))(
    'sends what waits: %s …',
    async (_, command) => {
      const { taskId, address } = await surroundings.addUpload();
      await surroundings.relay.stop();
      await surroundings.post(api, { taskId });
      await until('the send waits', async () => {
        const { pendingActivities } = (await runOf(taskId).describe()).raw;
        return (pendingActivities ?? []).some(waitsForRetry);
      });
      await surroundings.relay.start();
      const narrowed = only(taskId, command);
      await untilVisible(queryOf(narrowed));

      await run(narrowed, taskId);
      await until('it is sent', () => messageIdsTo(address).length > 0);
      expect(messageIdsTo(address)).toHaveLength(1);
    },
  );
});

describe('the commands of docs/operations.md for uploads without a webhook', () => {
  it.each(commandsOf('docs/operations.md', /bulk-notify watch|curl .*\/watch/))(
    'watch an upload, and ask now: %s …',
    async (_, command) => {
      const { taskId, address } = await surroundings.addUpload();
      const [[, checkNow] = []] = commandsOf('docs/operations.md', /--name checkNow/);

      await until('it is watched', async () => {
        // The page says that it may be repeated, and curl ends well when the answer is 503.
        await untilAnswered(() => run(command, taskId));
        return isKnown(watchId(taskId));
      });
      const narrowed = only(taskId, checkNow!);
      await untilVisible(queryOf(narrowed));
      await run(narrowed, taskId);

      await until('the email has come', () => messageIdsTo(address).length > 0);
      expect(messageIdsTo(address)).toHaveLength(1);
    },
  );
});

/** The commands in the shell blocks of a page, each with its continued lines, and their beginnings. */
function commandsOf(page: string, wanted: RegExp): [beginning: string, command: string][] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const blocks = [...text.matchAll(/^( *)```sh\n([\s\S]+?)^\1```$/gm)];
  const commands = blocks.flatMap(([, , block = '']) => block.split(/(?<!\\)\n/));
  return commands
    .map((command) => command.trim())
    .filter((command) => wanted.test(command))
    .map((command) => [command.split(' ').slice(0, 3).join(' '), command]);
}

/** Other tests have runs that wait, too. */
const only = (taskId: string, command: string) =>
  command.replace(QUERY, `--query '($1) AND TaskId="${taskId}"'`);

const queryOf = (command: string) => QUERY.exec(command)?.[1] ?? '';

/** Temporal's visibility, by which such a command goes, is a little behind the run. */
async function untilVisible(query: string): Promise<void> {
  await until(`visibility shows ${query}`, async () => {
    const { count } = await client.workflow.count(query);
    return count === 1;
  });
}

const isKnown = (id: string) =>
  client.workflow
    .getHandle(id)
    .describe()
    .then(
      () => true,
      () => false,
    );

const runOf = (taskId: string) => client.workflow.getHandle(workflowId(taskId, 'completed'));

async function run(command: string, taskId: string): Promise<void> {
  const { environment, taskQueue } = surroundings;
  const PATH = [programs, process.env.PATH].join(delimiter);
  const line = command
    .replaceAll(/(?<!\$)TASK_ID/g, taskId)
    .replace('bulk-upload-notifications', taskQueue)
    .replace('http://127.0.0.1:8080', serviceUrls(api.port).base);
  await promisify(execFile)('sh', ['-c', line], {
    env: {
      ...environment,
      PATH,
      HOME: programs,
      ADMIN_API_TOKEN,
      TASK_ID: taskId,
    },
  });
}

function messageIdsTo(address: string | null): string[] {
  const { received } = surroundings.relay;
  return received
    .filter(({ envelope }) => envelope.to.includes(address!))
    .map(({ raw }) => /^Message-ID:\s*(\S+)/im.exec(raw.toString())![1]!);
}
