import { createDatabase } from '../clients/postgres/database';
import { loadOperatorConfig, type OperatorConfig } from '../config/config';
import { ConfigurationError } from '../config/environment-reader';
import { createLogger } from '../telemetry/logger';
import { createOperator, type Operator } from './create-operator';
import { withTemporal } from './with-temporal';

/** For one command that reads the ledger. It writes no log: a failure is its message. */
export async function withOperator<T>(
  use: (operator: Operator) => Promise<T>,
  { database: address, ...config }: OperatorConfig = loadOperatorConfig(),
): Promise<T> {
  if (!address) {
    throw new ConfigurationError(['ADMIN_DATABASE_URL or DATABASE_URL must name the ledger']);
  }
  return withTemporal(config.temporal, async (client) => {
    const logger = createLogger('critical');
    const database = createDatabase({ ...address, logger });
    try {
      return await use(createOperator(config, { client, database, logger }));
    } finally {
      await database.close();
    }
  });
}
