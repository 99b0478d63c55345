import type { WorkflowHandle } from '@temporalio/client';
import { createMailer } from '../../src/clients/smtp/mailer';
import { type Script, startScriptedRelay } from '../../tools/sandbox/relay/scripted-relay';
import { until } from '../../tools/sandbox/until';
import { progressQuery } from '../../workflows/bulk-resend/messages';
import { resendSignal, statusQuery } from '../../workflows/notification/messages';
import { withBulkResends } from '../support/bulk-resends';
import { createFakes, type Fakes } from '../support/fakes';
import { claimOf, ledgerOnPostgres } from '../support/ledger-on-postgres';
import { resetRun } from '../support/reset-run';
import { retryNow } from '../support/retry-now';
import { attemptIdOf } from '../support/use-ledger';
import { startForResend, useTemporal, withWorker } from '../support/workflow-worker';

const ADDRESS = 'planted.owner@customer.example';
/** For a test that puts an address into a history itself. */
const ELSEWHERE = 'somebody@elsewhere.example';
const WINDOW = { resendWindowMs: 3_600_000 };
/** What other parts say of the address: an error of the database, replies of the relay. */
const QUOTING = new Error(`duplicate key: Key (email)=(${ADDRESS})`);
const say = (reply: string) => ({ say: `${reply} <${ADDRESS}>` });

const temporal = useTemporal();

interface Kind {
  answers?: Parameters<typeof createFakes>[0];
  /** How the relay answers; it accepts everything else. */
  script?: Script;
  play(run: Run): Promise<WorkflowHandle>;
}

interface Run {
  start: Parameters<Parameters<typeof withWorker>[1]>[0];
  taskQueue: string;
  fakes: Fakes;
  script: Script;
  /** What was readable while the run waited. */
  waiting: string[];
}

const kinds: Record<string, Kind> = {
  'is sent': { play: ({ start }) => closed(start()) },
  'is sent through the task queue': {
    answers: { hasRateLimit: true },
    play: ({ start }) => closed(start()),
  },
  'is refused': {
    script: { rcpt: say('550 5.1.1 unknown') },
    play: ({ start }) => closed(start()),
  },
  'is deferred, then sent': {
    script: { rcpt: say('450 4.2.0 later') },
    async play({ start, script, waiting }) {
      const handle = await start();
      await until('the send waits', async () => (await readable(handle)).includes('450'));
      waiting.push(await readable(handle));
      script.rcpt = { say: '250 2.1.5 ok' };
      await retryNow(temporal.client, handle.workflowId, 'sendMail');
      return closed(handle);
    },
  },
  'waits for the database, which quotes the address': {
    answers: { addresses: [QUOTING, QUOTING, [ADDRESS]] },
    play: ({ start }) => closed(start()),
  },
  'waits for the ledger, which quotes the address': {
    async play({ start, fakes }) {
      const { claim } = fakes.dependencies.ledger;
      let failures = 2;
      fakes.dependencies.ledger.claim = (attempt) =>
        failures-- > 0 ? Promise.reject(QUOTING) : claim(attempt);
      const handle = await start();
      await retryNow(temporal.client, handle.workflowId, 'sendMail');
      return closed(handle);
    },
  },
  'is parked as uncertain': {
    answers: { policy: 'park' },
    script: { dot: 'close' },
    play: ({ start }) => closed(start()),
  },
  'is parked without a recipient': {
    answers: { addresses: [['not an address', `${ADDRESS}, ${ADDRESS}`]] },
    play: ({ start }) => closed(start()),
  },
  'is given up': {
    answers: { giveUpAfterMs: 0 },
    script: { mail: say('451 4.3.0 later') },
    play: ({ start }) => closed(start()),
  },
  'is handed over': {
    answers: { tasks: [{ fileStatus: 'failed' }] },
    play: ({ start }) => closed(start()),
  },
  'is sent again, and reset': {
    async play({ start, fakes }) {
      const handle = await start({}, 'completed', WINDOW);
      await readsAs(handle, 'sent');
      fakes.answerBy({ addresses: [[ADDRESS]] });
      await handle.signal(resendSignal, { requestId: 'ticket-4711', reason: 'lost' });
      await until('it is sent again', async () => (await readable(handle)).includes('ticket-4711'));
      await readsAs(handle, 'sent');
      const again = await resetRun(temporal.client, handle);
      await readsAs(again, 'sent');
      return again;
    },
  },
  'is started for its request': {
    play: ({ taskQueue }) => {
      const taskId = crypto.randomUUID();
      return closed(startForResend({ client: temporal.client, taskQueue, taskId }));
    },
  },
};

describe('a run that', () => {
  it.each(Object.entries(kinds))(
    '%s leaves no address in Temporal',
    async (_, { answers, script = {}, play }) => {
      const relay = await startScriptedRelay(script);
      const fakes = createFakes({ addresses: [[ADDRESS]], ...answers });
      fakes.dependencies.mailer = createMailer({
        ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: 'secret' },
        ...{ tls: 'none', caCertificates: [], ehloName: 'notify.sender.example' },
      });

      const text = await withWorker({ ...temporal, fakes }, async (start, taskQueue) => {
        const waiting: string[] = [];
        const handle = await play({ start, taskQueue, fakes, script, waiting });
        return [...waiting, await readable(handle)].join('\n');
      }).finally(relay.close);

      expect(text).toContain('customers.csv');
      expect(text).not.toContain(ADDRESS);
      expect(text).not.toMatch(/planted|customer\.example/);
    },
  );
});

describe('a bulk resend', () => {
  it('leaves no address in Temporal, nor do the runs that it starts', async () => {
    const postgres = ledgerOnPostgres();
    const fakes = createFakes({ addresses: [[ADDRESS]], ledger: postgres.ledger });
    const userId = crypto.randomUUID();
    const claim = claimOf({ userId, recipient: ADDRESS });
    const attemptId = attemptIdOf(await postgres.ledger.claim(claim));
    const refused = { attempt: 'refused', state: 'parked', reason: 'refused' } as const;
    await postgres.ledger.settle({ attemptId, reply: `550 <${ADDRESS}>`, ...refused });

    const { report, text } = await withBulkResends(
      { ...temporal, fakes, database: postgres.database },
      async ({ bulkResends, client }) => {
        const order = { filter: { userId }, requestId: userId, includeSent: false };
        const { bulkId } = await bulkResends.start({ ...order, ratePerSecond: 50 });
        const [bulk, run] = [bulkId, claim.eventId].map((id) => client.workflow.getHandle(id));
        await bulk!.result();
        await run!.result();
        const told = [await readable(bulk!, progressQuery.name), await readable(run!)];
        return { report: await bulkResends.show(bulkId), text: told.join('\n') };
      },
    );
    await postgres.close();

    expect(report?.counts).toMatchObject({ requested: 1, sent: 1 });
    expect(fakes.sent).toMatchObject([{ to: ADDRESS }]);
    expect(text).toContain(userId);
    expect(text).not.toMatch(/planted|customer\.example/);
  });
});

describe('reading a run', () => {
  it.each([
    ['in a payload', ELSEWHERE],
    ['in base64 within one', Buffer.from(`to ${ELSEWHERE}`).toString('base64')],
  ])('finds the address %s', async (_, reason) => {
    const fakes = createFakes();

    await withWorker({ ...temporal, fakes }, async (start) => {
      const handle = await start({}, 'completed', WINDOW);
      await handle.signal(resendSignal, { reason });
      const isFound = async () => (await readable(handle)).includes(ELSEWHERE);
      await expect(until('the address is found', isFound)).resolves.toBeUndefined();
      await handle.terminate();
    });
  });
});

async function closed(run: WorkflowHandle | Promise<WorkflowHandle>): Promise<WorkflowHandle> {
  const handle = await run;
  await handle.result();
  return handle;
}

async function readsAs(handle: WorkflowHandle, state: string): Promise<void> {
  await until(`the run reads as ${state}`, async () => {
    return (await handle.query(statusQuery)).state === state;
  });
}

/** Everything that Temporal tells of a run: its history, its description, the answers of its queries. */
async function readable(handle: WorkflowHandle, own = statusQuery.name): Promise<string> {
  const told: unknown[] = [await handle.fetchHistory(), (await handle.describe()).raw];
  for (const query of [own, '__temporal_workflow_metadata', '__stack_trace']) {
    told.push(await handle.query(query));
  }
  return decode(JSON.stringify(told));
}

/** The text, and whatever in it reads as base64: payloads are, and may hold some. */
function decode(text: string): string {
  const once = decodeWords(text);
  return [text, once, decodeWords(once)].join('\n');
}

function decodeWords(text: string): string {
  const words = text.match(/[\w+/=-]{16,}/g) ?? [];
  return words.map((word) => Buffer.from(word, 'base64').toString()).join('\n');
}
