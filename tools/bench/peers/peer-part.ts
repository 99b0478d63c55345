import { pooledTransport } from '../contenders/pooled-transport';
import { sendSimpleMail } from '../contenders/simple-activities';
import { loadWorkerConfig } from '../../../src/config/config';
import { createArrivals } from '../instruments/arrivals';
import { atPace, type Pace } from '../instruments/pace';
import { servePart } from '../part/serve-part';
import { startBullMq } from './bull-mq';
import { startGraphileWorker } from './graphile-worker';
import type { Peer, StartPeer } from './peer';
import { startPgBoss } from './pg-boss';

export type PeerName = 'pg-boss' | 'graphile-worker' | 'BullMQ';

const peers: Record<PeerName, StartPeer> = {
  'pg-boss': startPgBoss,
  'graphile-worker': startGraphileWorker,
  BullMQ: startBullMq,
};
/** As many as the slots of a Temporal worker. */
const CONCURRENCY = 100;

const arrivals = createArrivals();
let peer: Peer;

const calls = {
  async start({ name, environment }: { name: PeerName; environment: Record<string, string> }) {
    const config = loadWorkerConfig(environment);
    const { sender, database } = config;
    const transport = pooledTransport(config);
    const mail = {
      userId: '',
      fileName: 'leads.csv',
      emailCount: 3,
      to: 'owner@mailbox.example',
    };
    peer = await peers[name]({
      databaseUrl: database.url,
      redisUrl: process.env.REDIS_URL ?? '',
      concurrency: CONCURRENCY,
      async send(taskId) {
        await sendSimpleMail({ transport, sender }, { ...mail, taskId });
      },
    });
  },
  send: ({ taskIds, pace }: { taskIds: string[]; pace: Pace }) =>
    atPace(taskIds, pace, (id) => peer.enqueue(id).then(() => 0), arrivals.of),
  open: () => peer.open(),
  mailed: (taskId: string) => arrivals.record(taskId, Date.now()),
};
export type PeerCalls = typeof calls;

servePart(calls);
