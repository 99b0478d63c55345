import { Connection } from '@temporalio/client';
import { retryUntilClosed } from '../../src/temporal/retry-until-closed';

const UNAVAILABLE = 14;

describe('retryUntilClosed', () => {
  it.each([1, 3])('ends a call whose connection was closed after attempt %i', async (last) => {
    const closed: Promise<void>[] = [];
    const connection = Connection.lazy({
      // Nothing listens there.
      address: '127.0.0.1:1',
      interceptors: [
        retryUntilClosed({
          retryableDecider: () => true,
          delayFunction(attempt) {
            if (attempt === last) closed.push(connection.close());
            return 10;
          },
        }),
      ],
    });

    const call = connection.workflowService.getSystemInfo({});

    await expect(call).rejects.toMatchObject({ code: UNAVAILABLE });
    await Promise.all(closed);
  });
});
