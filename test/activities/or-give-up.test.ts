import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../activities';
import { createFakes } from '../support/fakes';

const HOUR = 60 * 60 * 1_000;
const START = '2026-02-12T10:00:00.000Z';

describe('a look-up that fails as no code foresaw', () => {
  it.each(['fetchTask', 'resolveRecipient'] as const)(
    '%s fails before GIVE_UP_AFTER has passed, then gives up',
    async (name) => {
      const lookUp = brokenLookUp(name);

      await expect(lookUp(96 * HOUR - 1)).rejects.toMatchObject({ type: 'TypeError' });
      await expect(lookUp(96 * HOUR)).resolves.toEqual({ reason: 'gave_up' });
    },
  );

  it('does not give up when it was cancelled', async () => {
    const lookUp = brokenLookUp('fetchTask', (environment) => environment.cancel());

    await expect(lookUp(96 * HOUR)).rejects.toMatchObject({ type: 'TypeError' });
  });
});

/** The activity, with parts that throw, as it runs so many milliseconds after the start. */
function brokenLookUp(
  name: 'fetchTask' | 'resolveRecipient',
  before: (environment: MockActivityEnvironment) => void = () => undefined,
) {
  const { dependencies } = createFakes({ giveUpAfterMs: 96 * HOUR });
  const bug = () => Promise.reject(new TypeError('a bug'));
  dependencies.taskApi.fetchTask = bug;
  dependencies.recipients.findAddresses = bug;
  const activities = createActivities(dependencies);
  const lookUp: (query: never) => Promise<unknown> = activities[name];
  return (elapsedMs: number) => {
    const currentAttemptScheduledTimestampMs = Date.parse(START) + elapsedMs;
    const environment = new MockActivityEnvironment(
      { currentAttemptScheduledTimestampMs },
      { logger: new DefaultLogger('ERROR', () => undefined) },
    );
    before(environment);
    const query = { taskId: 't', userId: 'u', isVerified: true, startedAt: START };
    return environment.run(lookUp, query as never);
  };
}
