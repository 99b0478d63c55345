import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';
import { readAdminDatabase } from './read-database';
import { readGiveUpAfter } from './read-delivery';

const operators = describeVariables('Operators', {
  ADMIN_PORT: {
    schema: value.wholeNumber(0, 65535).default(8082),
    about:
      'Port of the admin listener: metrics, health, the admin API and the page for support. 0 takes ' +
      'a free one.',
  },
  ADMIN_HOST: {
    schema: value.listenAddress.default('127.0.0.1'),
    about:
      'Address that the admin listener binds. Anything but a loopback address belongs behind a ' +
      'firewall or a proxy with TLS.',
  },
  ADMIN_API_TOKEN: {
    schema: value.bearerToken.optional(),
    secret: true,
    otherwise: 'none: no admin API, no page and no `POST /api/tasks/{task_id}/watch`',
    about:
      'Bearer token of the admin API, of the page for support and of `POST ' +
      '/api/tasks/{task_id}/watch`, at least 16 characters of ASCII without blanks.',
  },
  TEMPORAL_UI_URL: {
    schema: value.httpUrl.optional(),
    otherwise: 'no links to runs',
    about: 'URL of the Temporal UI, for links to the runs of notifications.',
  },
});

/** The admin listener, and what its API and page need; without a token or a database it has neither. */
export function readAdmin(reader: EnvironmentReader) {
  const { read } = reader;
  return {
    admin: {
      port: read(operators.ADMIN_PORT),
      host: read(operators.ADMIN_HOST),
      token: read(operators.ADMIN_API_TOKEN),
      ...readLookUps(reader),
    },
  };
}

/** Where operators look notifications up. */
export function readLookUps(reader: EnvironmentReader) {
  return {
    database: readAdminDatabase(reader),
    temporalUiUrl: reader.read(operators.TEMPORAL_UI_URL),
    giveUpAfterMs: readGiveUpAfter(reader),
  };
}
