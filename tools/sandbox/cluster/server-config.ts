import { dynamicConfig } from '../temporal/dynamic-config';
import type { Database } from './database';

const host = '127.0.0.1';

/** Cannot be changed once there is data; as many as a small production cluster starts with. */
const historyShards = 64;

/** The ports of a service: for calls, and for the membership by which the others find it. */
interface Ports {
  grpc: number;
  membership: number;
}

export type ServicePorts = Record<'frontend' | 'history' | 'matching' | 'worker', Ports>;

/** All services in one process, seen by this machine only. JSON is YAML, which the server reads. */
export function serverConfig(database: Database, ports: ServicePorts, dynamicConfigFile: string) {
  return {
    log: { stdout: true, level: 'warn' },
    persistence: {
      numHistoryShards: historyShards,
      defaultStore: 'default',
      visibilityStore: 'visibility',
      datastores: {
        default: store(database, 'temporal', 20),
        visibility: store(database, 'temporal_visibility', 10),
      },
    },
    global: { membership: { maxJoinDuration: '30s', broadcastAddress: host } },
    services: {
      frontend: service(ports.frontend),
      history: service(ports.history),
      matching: service(ports.matching),
      worker: service(ports.worker),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `${host}:${ports.frontend.grpc}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: dynamicConfigFile, pollInterval: '60s' },
  };
}

export const dynamicConfigYaml = JSON.stringify(
  Object.fromEntries(Object.entries(dynamicConfig).map(([key, value]) => [key, [{ value }]])),
);

const service = ({ grpc, membership }: Ports) => ({
  rpc: { grpcPort: grpc, membershipPort: membership, bindOnIP: host },
});

/** Each of the four services has a pool of this size: all of them stay below Postgres' limit. */
function store({ host, port, user, password }: Database, databaseName: string, maxConns: number) {
  return {
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `${host}:${port}`,
      connectProtocol: 'tcp',
      user,
      password,
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  };
}
