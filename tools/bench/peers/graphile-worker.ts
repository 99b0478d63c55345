import { Client } from 'pg';
import { type Peer, type PeerOptions, requirePeer } from './peer';

interface GraphileWorker {
  Logger: new (factory: () => () => void) => unknown;
  run(options: object): Promise<{
    addJob(task: string, payload: object, options: object): Promise<unknown>;
  }>;
}

/** Graphile Worker: deduplicates by `job_key` and learns of new jobs by NOTIFY. */
export async function startGraphileWorker(options: PeerOptions): Promise<Peer> {
  const { run, Logger } = requirePeer<GraphileWorker>('graphile-worker');
  const runner = await run({
    connectionString: options.databaseUrl,
    concurrency: options.concurrency,
    noHandleSignals: true,
    logger: new Logger(() => () => undefined),
    taskList: {
      send: (payload: unknown) => options.send((payload as { taskId: string }).taskId),
    },
  });
  const client = new Client({ connectionString: options.databaseUrl });
  await client.connect();

  return {
    async enqueue(taskId) {
      await runner.addJob('send', { taskId }, { jobKey: taskId });
    },
    async open() {
      const query = 'select count(*)::int as count from graphile_worker.jobs';
      const { rows } = await client.query<{ count: number }>(query);
      return rows[0]?.count ?? 0;
    },
  };
}
