import { TestWorkflowEnvironment } from '@temporalio/testing';
import { startTimeSkipping } from '../../tools/sandbox/temporal/time-skipping';
import { searchAttributes } from '../../workflows/core/search-attributes';

const KEYWORD = 2;

/** A server whose clock skips what nothing happens in; undefined, said once, where it is missing. */
export async function startSkippingTime(what: string) {
  const server = await startTimeSkipping();
  if ('missing' in server) {
    process.stderr.write(`${what} is not tested: ${server.missing}\n`);
    return undefined;
  }
  const environment = await TestWorkflowEnvironment.createTimeSkipping(server);
  await environment.connection.operatorService.addSearchAttributes({
    namespace: environment.namespace,
    searchAttributes: Object.fromEntries(
      Object.values(searchAttributes).map(({ name }) => [name, KEYWORD]),
    ),
  });
  return {
    environment,
    async close() {
      await environment.teardown();
      await server.close();
    },
  };
}
