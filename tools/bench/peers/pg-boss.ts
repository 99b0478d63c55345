import { type Peer, type PeerOptions, requirePeer } from './peer';

interface PgBoss {
  start(): Promise<unknown>;
  on(event: 'error', listener: (err: unknown) => void): void;
  createQueue(queue: string): Promise<void>;
  send(queue: string, data: object, options: object): Promise<string | null>;
  work<Data>(
    queue: string,
    options: object,
    work: (jobs: { data: Data }[]) => Promise<unknown>,
  ): Promise<string>;
  getQueueSize(queue: string, options: object): Promise<number>;
}
type PgBossClass = new (url: string) => PgBoss;

const QUEUE = 'bench';
/** The minimum of pg-boss. */
const POLLING_SECONDS = 0.5;
/** The default maximum of pg-boss. */
const DEDUPE_SECONDS = 43_200;

/** pg-boss: deduplicates by `singletonKey`. */
export async function startPgBoss(options: PeerOptions): Promise<Peer> {
  const exported = requirePeer<PgBossClass | { PgBoss: PgBossClass }>('pg-boss');
  const Boss = 'PgBoss' in exported ? exported.PgBoss : exported;
  const boss = new Boss(options.databaseUrl);
  boss.on('error', (err) => console.error(err));
  await boss.start();
  await boss.createQueue(QUEUE);
  await boss.work<{ taskId: string }>(
    QUEUE,
    { batchSize: options.concurrency, pollingIntervalSeconds: POLLING_SECONDS },
    (jobs) => Promise.all(jobs.map(({ data }) => options.send(data.taskId))),
  );

  return {
    async enqueue(taskId) {
      const key = { singletonKey: taskId, singletonSeconds: DEDUPE_SECONDS };
      await boss.send(QUEUE, { taskId }, key);
    },
    open: () => boss.getQueueSize(QUEUE, { before: 'completed' }),
  };
}
