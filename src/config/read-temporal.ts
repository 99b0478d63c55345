import { loadClientConnectConfig } from '@temporalio/envconfig';
import { describeVariables, type Variable } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

export type TemporalConfig = ReturnType<typeof readTemporal>;

const temporal = describeVariables('Temporal', {
  TEMPORAL_TASK_QUEUE: {
    schema: value.verbatim.default('bulk-upload-notifications'),
    about:
      'Task queue of the workflows and look-ups; those of sends, upload checks and bulk resends add ' +
      '`-send`, `-upload-checks` and `-bulk-resends`.',
  },
  TEMPORAL_API_KEY: {
    schema: value.text.optional(),
    secret: true,
    about: 'API key of Temporal Cloud; turns TLS on.',
  },
  TEMPORAL_TLS: {
    schema: value.yesOrNo.optional(),
    otherwise: 'on with an API key or a TLS variable',
    about: 'Whether the connection uses TLS.',
  },
});

/** Read by @temporalio/envconfig, together with every other variable of its own that is set. */
const connection = describeVariables('Temporal', {
  TEMPORAL_ADDRESS: {
    schema: value.verbatim.default('localhost:7233'),
    about: 'Host and port of the Temporal frontend.',
  },
  TEMPORAL_NAMESPACE: {
    schema: value.verbatim.default('default'),
    about: 'Namespace of the notifications; `setup` creates it if it is missing.',
  },
  TEMPORAL_TLS_SERVER_NAME: {
    schema: value.verbatim.optional(),
    otherwise: 'the host of `TEMPORAL_ADDRESS`',
    about: "Name that the server's certificate must carry.",
  },
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: {
    schema: value.filePath.optional(),
    otherwise: 'the public CAs',
    about: "PEM file of the CA of the server's certificate.",
  },
  TEMPORAL_TLS_CLIENT_CERT_PATH: {
    schema: value.filePath.optional(),
    about: 'PEM file of the client certificate for mTLS; needs `TEMPORAL_TLS_CLIENT_KEY_PATH`.',
  },
  TEMPORAL_TLS_CLIENT_KEY_PATH: {
    schema: value.filePath.optional(),
    about: 'PEM file of its private key.',
  },
});

const metrics = describeVariables('Temporal', {
  TEMPORAL_METRICS_PORT: {
    schema: value.wholeNumber(1, 65535).optional(),
    otherwise: 'no metrics of the SDK',
    about: "Port on which the worker serves the metrics of Temporal's SDK, under `/metrics`.",
  },
});

const namespace = describeVariables('Temporal', {
  TEMPORAL_RETENTION: {
    schema: value.duration.prefault('30d'),
    about: 'How long Temporal keeps closed runs; `setup` sets it on the namespace.',
  },
});

export function readTemporal({ read, startingWith, fault }: EnvironmentReader) {
  Object.values<Variable>(connection).forEach((variable) => read(variable));
  const apiKey = read(temporal.TEMPORAL_API_KEY);
  const taskQueue = read(temporal.TEMPORAL_TASK_QUEUE);
  // envconfig takes every value but `1` and `true` for false.
  const tls = read(temporal.TEMPORAL_TLS);
  const variables = {
    ...startingWith('TEMPORAL_'),
    ...(apiKey && { TEMPORAL_API_KEY: apiKey }),
    ...(tls !== undefined && { TEMPORAL_TLS: String(tls) }),
  };
  requireBoth(variables, fault);
  try {
    // The environment alone configures the service, so configuration files are not read.
    const { connectionOptions, namespace = 'default' } = loadClientConnectConfig({
      disableFile: true,
      overrideEnvVars: variables,
    });
    return { connectionOptions, namespace, taskQueue };
  } catch {
    fault('TEMPORAL_*', 'cannot be read: check the TLS variables and the files they name');
    return { connectionOptions: {}, namespace: '', taskQueue };
  }
}

export function readTemporalMetricsPort({ read }: EnvironmentReader): number | undefined {
  return read(metrics.TEMPORAL_METRICS_PORT);
}

export function readRetention({ read }: EnvironmentReader): number {
  return read(namespace.TEMPORAL_RETENTION);
}

/** envconfig ignores a client certificate without its key. */
function requireBoth(variables: Record<string, string>, fault: EnvironmentReader['fault']): void {
  const has = (part: string) =>
    [`TEMPORAL_TLS_CLIENT_${part}_PATH`, `TEMPORAL_TLS_CLIENT_${part}_DATA`].some(
      (name) => variables[name],
    );
  if (has('CERT') !== has('KEY')) {
    fault('TEMPORAL_TLS_CLIENT_CERT_PATH', 'and TEMPORAL_TLS_CLIENT_KEY_PATH go together');
  }
}
