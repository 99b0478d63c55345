import { Client, Connection } from '@temporalio/client';
import { msToTs } from '@temporalio/common/lib/time';
import { randomUUID } from 'node:crypto';
import { createTemporalReadiness } from '../../src/temporal/readiness';
import { suite } from '../support/suite';
import { untilFound } from '../support/until-found';

let connection: Connection;

beforeAll(async () => {
  connection = await Connection.connect({ address: suite().temporal.address });
});
afterAll(() => connection.close());

/** What the probe says of a namespace once Temporal answers it in time: it has a second. */
function readinessOf(namespace: string) {
  const probe = createTemporalReadiness(new Client({ connection, namespace }));
  return untilFound('Temporal answers', async () => {
    const readiness = await probe();
    return readiness.checks?.includes('Temporal does not answer') ? undefined : readiness;
  });
}

/** A client whose calls are refused with a gRPC status. */
function refusedClient(code: number): Client {
  const refuse = () =>
    Promise.reject(Object.assign(new Error('refused'), { code, details: '', metadata: {} }));
  return {
    options: { namespace: 'ours' },
    withDeadline: (_deadline: number, call: () => Promise<unknown>) => call(),
    workflowService: { describeNamespace: refuse },
    connection: { operatorService: { listSearchAttributes: refuse } },
  } as unknown as Client;
}

describe('createTemporalReadiness', () => {
  it('is ready when the namespace and its search attributes are there', async () => {
    expect(await readinessOf('default')).toEqual({ ready: true, checks: [] });
  });

  it('names the namespace that is missing', async () => {
    expect(await readinessOf('nowhere')).toEqual({
      ready: false,
      checks: ['Temporal has no namespace nowhere. Run bulk-notify setup'],
    });
  });

  it('names the search attributes that are missing', async () => {
    const namespace = `bare-${randomUUID()}`;
    const retention = msToTs(24 * 60 * 60 * 1_000);
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: retention,
    });

    const { ready, checks } = await readinessOf(namespace);

    expect(ready).toBe(false);
    expect(checks).toEqual([
      expect.stringMatching(
        /^Namespace bare-\S+ lacks search attributes: TaskId, UserId, .*setup$/,
      ),
    ]);
  });

  it('is not ready when Temporal does not answer', async () => {
    const away = Connection.lazy({ address: '127.0.0.1:1' });
    const probe = createTemporalReadiness(new Client({ connection: away, namespace: 'default' }));

    expect(await probe()).toEqual({ ready: false, checks: ['Temporal does not answer'] });
    await away.close();
  });

  it.each([
    ['denies the permission', 7],
    ['does not implement the call', 12],
  ])('is ready when Temporal %s to look, as its cloud does', async (_what, code) => {
    const probe = createTemporalReadiness(refusedClient(code));

    expect(await probe()).toEqual({ ready: true });
  });

  it('is not ready when Temporal refuses the credentials', async () => {
    const probe = createTemporalReadiness(refusedClient(16));

    expect(await probe()).toMatchObject({ ready: false });
  });
});
