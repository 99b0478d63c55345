import { type Peer, type PeerOptions, requirePeer } from './peer';

interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>;
  getJobCountByTypes(...types: string[]): Promise<number>;
}
interface BullMq {
  Queue: new (name: string, options: object) => Queue;
  Worker: new (
    name: string,
    work: (job: { data: { taskId: string } }) => Promise<void>,
    options: object,
  ) => { waitUntilReady(): Promise<unknown> };
}

const QUEUE = 'bulk-notify-bench';

/** BullMQ: deduplicates by `jobId`, in the Redis at REDIS_URL. */
export async function startBullMq({ redisUrl, concurrency, send }: PeerOptions): Promise<Peer> {
  const { Queue, Worker } = requirePeer<BullMq>('bullmq');
  // BullMQ requires this option for workers, which block in Redis.
  const connection = { url: redisUrl, maxRetriesPerRequest: null };
  const queue = new Queue(QUEUE, { connection });
  const worker = new Worker(QUEUE, ({ data }) => send(data.taskId), { connection, concurrency });
  await worker.waitUntilReady();

  return {
    async enqueue(taskId) {
      await queue.add('send', { taskId }, { jobId: taskId });
    },
    open: () => queue.getJobCountByTypes('wait', 'active', 'delayed'),
  };
}
