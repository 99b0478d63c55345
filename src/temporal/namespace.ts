import type { Client } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { setTimeout as delay } from 'node:timers/promises';
import { searchAttributes } from '../../workflows/core/search-attributes';
import type { Logger } from '../telemetry/logger';
import {
  ALREADY_EXISTS,
  grpcCodeOf,
  NOT_FOUND,
  PERMISSION_DENIED,
  UNIMPLEMENTED,
} from './grpc-code';

/** Of Temporal's own enum; all of ours are keywords. */
const KEYWORD = 2;
const NAMES = Object.values(searchAttributes).map(({ name }) => name);

/** A fresh namespace is known everywhere after the server's caches have turned over. */
const SETUP_TIMEOUT_MS = 60_000;
const POLL_INTERVAL = 500;

interface NamespaceSetup {
  client: Client;
  retentionMs: number;
  logger: Logger;
}

/**
 * Prepares a self-hosted namespace: it exists, keeps closed runs for `retentionMs`, and has the
 * search attributes. On Temporal Cloud, which refuses these calls, it says what to do there.
 */
export async function prepareNamespace({ client, retentionMs, logger }: NamespaceSetup) {
  const { namespace } = client.options;
  const retention = msToTs(retentionMs);
  await permitted(logger, `set the retention of namespace ${namespace}`, async () => {
    await createNamespace(client, retention);
    await onceKnown(() =>
      client.workflowService.updateNamespace({
        namespace,
        config: { workflowExecutionRetentionTtl: retention },
      }),
    );
  });
  await permitted(logger, `add the search attributes ${NAMES.join(', ')} (Keyword)`, () =>
    addSearchAttributes(client),
  );
}

async function createNamespace(client: Client, retention: ReturnType<typeof msToTs>) {
  const { namespace } = client.options;
  try {
    await client.workflowService.describeNamespace({ namespace });
  } catch (err) {
    if (grpcCodeOf(err) !== NOT_FOUND) throw err;
    await client.workflowService
      .registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention })
      .catch((failure: unknown) => {
        if (grpcCodeOf(failure) !== ALREADY_EXISTS) throw failure;
      });
  }
}

/** Calls again for as long as the namespace is too fresh to be known. */
async function onceKnown(call: () => Promise<unknown>): Promise<void> {
  const deadline = Date.now() + SETUP_TIMEOUT_MS;
  for (;;) {
    try {
      await call();
      return;
    } catch (err) {
      if (grpcCodeOf(err) !== NOT_FOUND || Date.now() > deadline) throw err;
    }
    await delay(POLL_INTERVAL);
  }
}

async function addSearchAttributes(client: Client): Promise<void> {
  const deadline = Date.now() + SETUP_TIMEOUT_MS;
  for (let missing = await missingAttributes(client); missing?.length !== 0;) {
    if (Date.now() > deadline) throw new Error('The search attributes did not appear in time');
    if (missing) {
      await client.connection.operatorService
        .addSearchAttributes({
          namespace: client.options.namespace,
          searchAttributes: Object.fromEntries(missing.map((name) => [name, KEYWORD])),
        })
        .catch((err: unknown) => {
          if (![ALREADY_EXISTS, NOT_FOUND].includes(grpcCodeOf(err) ?? 0)) throw err;
        });
    }
    await delay(POLL_INTERVAL);
    missing = await missingAttributes(client);
  }
}

async function missingAttributes(client: Client): Promise<string[] | undefined> {
  const found = await compareAttributes(client);
  if (found && found.wrong.length > 0) {
    throw new Error(`Not of type Keyword: ${found.wrong.join(', ')}`);
  }
  return found?.missing;
}

/** Which of our search attributes are not there, or of another type; undefined without namespace. */
export async function compareAttributes(client: Client) {
  try {
    const { customAttributes } = await client.connection.operatorService.listSearchAttributes({
      namespace: client.options.namespace,
    });
    return {
      missing: NAMES.filter((name) => customAttributes?.[name] === undefined),
      wrong: NAMES.filter((name) => ![undefined, KEYWORD].includes(customAttributes?.[name])),
    };
  } catch (err) {
    if (grpcCodeOf(err) === NOT_FOUND) return undefined;
    throw err;
  }
}

async function permitted(logger: Logger, task: string, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (err) {
    if (![PERMISSION_DENIED, UNIMPLEMENTED].includes(grpcCodeOf(err) ?? 0)) throw err;
    logger.warn({ task }, 'setup.not_permitted');
  }
}
