import { Client } from '@temporalio/client';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { addUser } from '../../sandbox/postgres/add-user';
import { supabaseShape } from '../../sandbox/postgres/supabase-shape';
import { withClient } from '../../sandbox/postgres/with-client';
import { runSetup } from '../../sandbox/service/service-process';
import { owners } from '../owner';
import type { Stage } from '../stage';
import type { Build } from './build';
import type { Contender } from './contender';
import { startServicePair, type Variant } from './start-service-pair';

/** Its namespace and its database: another commit has other tables and search attributes. */
const NAME = 'baseline';

/** The `cli.js` of a checkout; throws where it is not built. */
export function cliOf(checkout: string): string {
  const cli = join(checkout, 'dist/src/cli.js');
  if (existsSync(cli)) return cli;
  throw new Error(`--baseline: ${cli} is missing: run \`npm ci\` and \`npm run build\` there`);
}

/** Sets the build of another commit up. It shares the servers with the other contenders. */
export async function prepareBaseline(stage: Stage, checkout: string): Promise<Build> {
  const url = await createDatabase(stage.postgres.url);
  const build = {
    cli: cliOf(checkout),
    client: new Client({ connection: stage.client.connection, namespace: NAME }),
    environment: (more: Record<string, string>) =>
      stage.environment({ DATABASE_URL: url, TEMPORAL_NAMESPACE: NAME, ...more }),
  };
  await runSetup(build.environment({}), build.cli);
  await addUser(url, ...owners);
  return build;
}

async function createDatabase(serverUrl: string): Promise<string> {
  await withClient(serverUrl, (client) => client.query(`create database ${NAME}`));
  const url = new URL(serverUrl);
  url.pathname = NAME;
  await withClient(url.href, (client) => client.query(supabaseShape));
  return url.href;
}

/** The `api` and `worker` of another commit, with or without a rate limit. */
export async function startBaseline(
  stage: Stage,
  build: Build,
  variant: Variant<'baseline' | 'baseline, rate limit'>,
): Promise<Contender> {
  const { contender } = await startServicePair(stage, build, variant);
  return { ...contender, sibling: (more) => startBaseline(stage, build, { ...variant, more }) };
}
