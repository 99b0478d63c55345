import { type SandboxTemporal, startTemporal } from '../temporal/temporal';
import { type SandboxCluster, startCluster } from './cluster';

/** The cluster alone has a Postgres of its own. */
export type TemporalServer = SandboxTemporal & Partial<Pick<SandboxCluster, 'postgres'>>;

/** The dev server, or the server as it runs in production. */
export function startTemporalServer(cluster: boolean): Promise<TemporalServer> {
  return cluster ? startCluster() : startTemporal();
}
