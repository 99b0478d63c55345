import type { Progress } from '../process/progress';
import { runTool } from '../process/run-tool';
import type { Database } from './database';

const schemas = { temporal: 'temporal', temporal_visibility: 'visibility' };

export interface SchemaTool {
  sqlTool: string;
  progress: Progress;
}

/** Creates the two databases of a Temporal server, with the schema that its own tool holds. */
export async function createSchema(database: Database, tool: SchemaTool): Promise<void> {
  const { host, port, user, password } = database;
  const connection = {
    SQL_PLUGIN: 'postgres12',
    SQL_HOST: host,
    SQL_PORT: port,
    SQL_USER: user,
    SQL_PASSWORD: password,
  };
  const create = async ([name, schema]: [string, string]): Promise<void> => {
    const run = {
      env: { ...process.env, ...connection, SQL_DATABASE: name },
      progress: tool.progress,
      doing: `creating the database ${name}`,
      usually: 'a second',
    };
    await runTool(tool.sqlTool, ['create-database'], run);
    await runTool(tool.sqlTool, ['setup-schema', '--version', '0.0'], run);
    const embedded = `postgresql/v12/${schema}`;
    await runTool(tool.sqlTool, ['update-schema', '--schema-name', embedded], run);
  };
  await Promise.all(Object.entries(schemas).map(create));
}
