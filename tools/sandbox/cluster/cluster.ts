import { type SandboxPostgres, startPostgres } from '../postgres/postgres';
import { startChild } from '../process/child';
import { type Progress, progressOnStderr } from '../process/progress';
import type { SandboxTemporal } from '../temporal/temporal';
import { findClusterBinaries } from './cluster-binaries';
import { createSchema } from './create-schema';
import { databaseOf } from './database';
import type { ServerOptions, ServerRunning } from './server-guardian';
import type { UiOptions, UiRunning } from './ui-guardian';

/** Its controls are the server's: the UI and Postgres stay up until `close()`. */
export interface SandboxCluster extends SandboxTemporal {
  /** Holds Temporal's data and nothing else. */
  postgres: SandboxPostgres;
}

export interface ClusterWishes {
  port?: number;
  uiPort?: number;
  progress?: Progress;
}

/**
 * Temporal as it runs in production, on 127.0.0.1: the server with all its services, on a Postgres
 * of its own, and the UI. It answers when this resolves.
 */
export async function startCluster({
  port,
  uiPort,
  progress = progressOnStderr,
}: ClusterWishes = {}): Promise<SandboxCluster> {
  const binaries = await findClusterBinaries({ progress });
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closePart of closing.toReversed()) await closePart();
  };

  try {
    const postgres = await startPostgres();
    closing.push(() => postgres.close());
    const database = databaseOf(postgres.url);
    await createSchema(database, { sqlTool: binaries.sqlTool, progress });

    const server = await startServer({ binary: binaries.server, database, port });
    closing.push(() => server.controls.close());
    const { address } = server.running();
    const ui = await startUi({ binary: binaries.ui, temporalAddress: address, port: uiPort });
    closing.push(() => ui.controls.close());

    return {
      ...server.controls,
      close,
      address,
      namespace: 'default',
      uiUrl: ui.running().uiUrl,
      postgres,
      get pid() {
        return server.running().pid;
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const startServer = (options: ServerOptions) =>
  startChild<ServerRunning>('cluster/server-guardian', options);

const startUi = (options: UiOptions) => startChild<UiRunning>('cluster/ui-guardian', options);
