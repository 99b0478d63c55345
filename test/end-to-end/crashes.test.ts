import type { Client } from '@temporalio/client';
import { simpleParser } from 'mailparser';
import { createNotifications } from '../../src/temporal/notifications';
import { type NotificationStatus, resendSignal } from '../../workflows/notification/messages';
import { workflowId } from '../../workflows/core/workflow-id';
import { readLedger } from '../support/read-ledger';
import { missHeartbeat } from '../../tools/sandbox/temporal/pending-activities';
import { reportEvent } from '../support/report-event';
import { retryNow } from '../support/retry-now';
import { lockRows } from '../support/row-lock';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { connectClient } from '../support/temporal-client';
import { until } from '../../tools/sandbox/until';
import { startTcpProxy, type TcpProxy } from '../../tools/sandbox/network/tcp-proxy';

interface Scene {
  surroundings: Surroundings;
  /** The first worker's way to Temporal. */
  proxy: TcpProxy;
  eventId: string;
  /** Of the dialogue about the mail: a kept connection has the greeting behind it. */
  firstStep: 'greeting' | 'mail-from';
  /** Starts the run that sends the mail. */
  begin(): Promise<unknown>;
}

const SEND = 'sendMail';

/** Brings a worker to a point and keeps it there; what it returns is done when the worker is dead. */
type Point = (scene: Scene) => Promise<() => unknown>;

const OWN_ATTEMPT = 'select 1 from bulk_notify.attempts where event_id = $1 for update';

const beforeTheClaim: Point = async ({ surroundings, eventId, begin }) => {
  const lock = await lockRows(
    surroundings.postgres.url,
    `insert into bulk_notify.bulk_upload_notification_events (id)
       values ($1)`,
    [eventId],
  );
  await begin();
  await lock.waitedFor();
  return () => lock.release('cut');
};

const afterTheClaim: Point = async ({ surroundings, firstStep, begin }) => {
  const hold = surroundings.relay.hold(firstStep);
  await begin();
  await hold.reached;
  return hold.release;
};

const duringData =
  (statement: 'cut' | 'goes on'): Point =>
  async ({ surroundings, eventId, firstStep, begin }) => {
    const hold = surroundings.relay.hold(firstStep);
    await begin();
    await hold.reached;
    const lock = await lockRows(surroundings.postgres.url, OWN_ATTEMPT, [eventId]);
    hold.release();
    await lock.waitedFor();
    return () => lock.release(statement);
  };

const afterThe250 =
  (statement: 'cut' | 'goes on'): Point =>
  async ({ surroundings, eventId, begin }) => {
    const hold = surroundings.relay.hold('final-reply');
    await begin();
    await hold.reached;
    const lock = await lockRows(surroundings.postgres.url, OWN_ATTEMPT, [eventId]);
    hold.release();
    await lock.waitedFor();
    return () => lock.release(statement);
  };

const afterTheLedger: Point = async ({ surroundings, proxy, eventId, begin }) => {
  const hold = surroundings.relay.hold('final-reply');
  await begin();
  await hold.reached;
  proxy.blackhole();
  hold.release();
  const { url } = surroundings.postgres;
  await until(
    'it is settled',
    async () => (await readLedger(url, eventId)).event?.state === 'sent',
  );
  return () => proxy.cut();
};

interface Case {
  policy: 'resend' | 'park' | 'assume_sent';
  at: string;
  point: Point;
  /** Mails at the relay, and attempts in the ledger, when the worker is dead and in the end. */
  left: [mails: number, ...attempts: string[]];
  end: [mails: number, ...attempts: string[]];
  /** Sent, if nothing else is said. */
  result?: object;
}

/** How the first attempt is made: as an activity where the relay has a rate limit, else as a local one. */
const WAYS = {
  'through the task queue': { SMTP_MAX_PER_SECOND: '1000' },
  'at once': {},
};
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];
const settings = ways.flatMap((way) =>
  (['fresh', 'kept'] as const).map((relayConnection) => ({ way, relayConnection })),
);

const UNCERTAIN = { state: 'parked', reason: 'uncertain' };
const TWO = [2, 'accepted', 'accepted'];

const whateverThePolicy = (['resend', 'park'] as const).flatMap((policy): Case[] => [
  { policy, at: 'before the claim', point: beforeTheClaim, left: [0], end: [1, 'accepted'] },
  {
    ...{ policy, at: 'after the claim', point: afterTheClaim },
    ...{ left: [0, 'claimed'], end: [1, 'deferred', 'accepted'] },
  },
  {
    ...{ policy, at: 'during DATA, before the final dot', point: duringData('cut') },
    ...{ left: [0, 'claimed'], end: [1, 'deferred', 'accepted'] },
  },
  {
    ...{
      policy,
      at: 'after the 250, whose recording still arrives',
      point: afterThe250('goes on'),
    },
    ...{ left: [1, 'accepted'], end: [1, 'accepted'] },
  },
  {
    ...{ policy, at: 'after the ledger and before Temporal', point: afterTheLedger },
    ...{ left: [1, 'accepted'], end: [1, 'accepted'] },
  },
]);

const byPolicy: Case[] = [
  {
    ...{ policy: 'resend', at: 'after the 250 and before the ledger', point: afterThe250('cut') },
    ...{ left: [1, 'submitted'], end: [2, 'ambiguous', 'accepted'] },
  },
  {
    ...{ policy: 'park', at: 'after the 250 and before the ledger', point: afterThe250('cut') },
    ...{ left: [1, 'submitted'], end: [1, 'ambiguous'], result: UNCERTAIN },
  },
  {
    ...{ policy: 'assume_sent', at: 'after the 250, before the ledger', point: afterThe250('cut') },
    ...{ left: [1, 'submitted'], end: [1, 'ambiguous'] },
  },
  // These cannot be told from the ones above: the ledger says that the final dot may have followed.
  {
    ...{ policy: 'resend', at: 'between the last word and the dot', point: duringData('goes on') },
    ...{ left: [0, 'submitted'], end: [1, 'ambiguous', 'accepted'] },
  },
  {
    ...{ policy: 'park', at: 'between the last word and the dot', point: duringData('goes on') },
    ...{ left: [0, 'submitted'], end: [0, 'ambiguous'], result: UNCERTAIN },
  },
];

describe.each(settings)(
  'a worker that is killed while it sends $way, $relayConnection',
  (setting) => {
    it.concurrent.each([...byPolicy, ...whateverThePolicy])(
      '$at, by policy $policy, leaves what another one ends as $end',
      async ({ policy, point, left, end, result = { state: 'sent' } }) => {
        await onStage({ policy, ...setting }, async (scene) => {
          await scene.crashAt(point);
          await until('the database has done the rest', async () => same(await scene.seen(), left));
          await scene.takeOver();

          expect(await scene.result()).toMatchObject(result);
          expect(await scene.seen()).toEqual(end);
          expect((await scene.ledger()).event).toMatchObject(result);
          expect(new Set(await scene.messageIds()).size).toBeLessThanOrEqual(1);
        });
      },
    );
  },
);

describe('a worker that is killed', () => {
  it.concurrent('is noticed by its missing heartbeat', () =>
    onStage({ policy: 'resend', way: 'through the task queue' }, async (scene) => {
      await scene.crashAt(afterTheClaim);
      await scene.anotherWorker();
      await retryNow(scene.client, scene.eventId, SEND);

      expect(await scene.result()).toMatchObject({ state: 'sent' });
      expect(await scene.seen()).toEqual([1, 'deferred', 'accepted']);
    }),
  );

  it.concurrent.each<[string, Way, Point, object]>([
    [
      'before the claim',
      'through the task queue',
      beforeTheClaim,
      { copies: [0], end: [1, 'accepted'] },
    ],
    // The workflow sees the request before it sends: it asks for a mail beside the notification.
    ['before the claim', 'at once', beforeTheClaim, { copies: [1], end: TWO }],
    ...ways.map((way): [string, Way, Point, object] => [
      'after the ledger and before Temporal',
      way,
      afterTheLedger,
      { copies: [1], end: TWO },
    ]),
  ])(
    '%s, sending %s, loses no resend that comes before another one is there',
    async (_, way, point, expected) => {
      await onStage({ policy: 'resend', way }, async (scene) => {
        await scene.crashAt(point);
        await scene.client.workflow.getHandle(scene.eventId).signal(resendSignal);
        await scene.anotherWorker();
        if (way !== 'at once')
          await missHeartbeat(scene.client, { workflowId: scene.eventId }, { type: SEND });

        expect(await scene.result()).toMatchObject({ state: 'sent' });
        const { event, resends } = await scene.ledger();
        const copies = resends.map(({ resend }) => resend);
        expect({ copies, end: await scene.seen() }).toEqual(expected);
        expect(event).toMatchObject({ state: 'sent' });
        expect(new Set(await scene.messageIds()).size).toBe((await scene.seen())[0]);
      });
    },
  );
});

/** One notification, two workers one after the other, and all that is theirs alone. */
async function onStage(setting: Setting, play: (scene: Stage) => Promise<void>): Promise<void> {
  const [surroundings, client] = await Promise.all([startSurroundings(), connectClient()]);
  const { address } = surroundings.temporal;
  const proxy = await startTcpProxy(() => Number(address.split(':')[1]));
  try {
    await play(await createStage({ surroundings, client, proxy, ...setting }));
  } finally {
    await Promise.all([surroundings.close(), client.connection.close(), proxy.close()]);
  }
}

type Stage = Awaited<ReturnType<typeof createStage>>;

interface Setting {
  policy: string;
  way: Way;
  /** A kept one has had another mail. */
  relayConnection?: 'fresh' | 'kept';
}

interface StageParts extends Setting {
  surroundings: Surroundings;
  client: Client;
  proxy: TcpProxy;
}

async function createStage({ surroundings, client, proxy, policy, way, ...stage }: StageParts) {
  const { relay, postgres, taskQueue } = surroundings;
  const { taskId } = await surroundings.addUpload();
  const eventId = workflowId(taskId, 'completed');
  const notifications = createNotifications({ client, taskQueue, resendWindowMs: 0 });
  const isKept = stage.relayConnection === 'kept';
  let earlier = 0;
  const environment = { SMTP_UNCERTAIN_POLICY: policy, ...WAYS[way] };
  const anotherWorker = () => surroundings.start('worker', environment);
  const ledger = () => readLedger(postgres.url, eventId);

  async function sendAnother(): Promise<void> {
    const another = await surroundings.addUpload();
    await reportEvent(notifications, another.taskId);
    await client.workflow.getHandle(workflowId(another.taskId, 'completed')).result();
    earlier = relay.received.length;
  }

  return {
    client,
    eventId,
    ledger,
    async crashAt(point: Point) {
      const throughTheProxy = { ...environment, TEMPORAL_ADDRESS: `${proxy.host}:${proxy.port}` };
      const worker = await surroundings.start('worker', throughTheProxy);
      if (isKept) await sendAnother();
      const begin = () => reportEvent(notifications, taskId);
      const firstStep = isKept ? 'mail-from' : 'greeting';
      const afterwards = await point({ surroundings, proxy, eventId, firstStep, begin });
      await worker.stop('SIGKILL');
      await afterwards();
    },
    anotherWorker,
    /** Does not wait for what Temporal notices by itself: a lost workflow task it does within 10 s. */
    async takeOver() {
      const noticed =
        way === 'at once'
          ? undefined
          : missHeartbeat(client, { workflowId: eventId }, { type: SEND });
      await Promise.all([anotherWorker(), noticed]);
      if (way !== 'at once') await retryNow(client, eventId, SEND);
    },
    /** Mails at the relay, then the attempts in the ledger. */
    async seen() {
      const { attempts } = await ledger();
      return [relay.received.length - earlier, ...attempts.map(toWord)];
    },
    async messageIds() {
      const received = relay.received.slice(earlier);
      const mails = await Promise.all(received.map(({ raw }) => simpleParser(raw)));
      return mails.map(({ messageId }) => messageId);
    },
    result: () => client.workflow.getHandle(eventId).result() as Promise<NotificationStatus>,
  };
}

function toWord({ state, submitted }: { state: string; submitted: boolean }): string {
  if (state !== 'sending') return state;
  return submitted ? 'submitted' : 'claimed';
}

function same(one: unknown[], other: unknown[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
