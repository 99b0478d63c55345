import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger, type LogEntry } from '@temporalio/worker';
import { containFailures } from '../../activities/failures/contain-failures';

/** What the activity that throws this fails with, and what it logs. */
async function failureOf(thrown: unknown, { cancelled = false } = {}) {
  const logged: LogEntry[] = [];
  const logger = new DefaultLogger('TRACE', (entry) => logged.push(entry));
  const environment = new MockActivityEnvironment({}, { logger });
  if (cancelled) environment.cancel();
  const { run } = containFailures({
    run: () => {
      throw thrown;
    },
  });
  const failure = await environment.run(run).catch((err: unknown) => err);
  const own = logged.filter(({ message }) => message.startsWith('bulk_upload_notification.'));
  return { failure: failure as ApplicationFailure, logged: own };
}

describe('containFailures', () => {
  it('leaves what an activity answers', async () => {
    const { add } = containFailures({ add: async (a: number, b: number) => a + b });

    await expect(new MockActivityEnvironment().run(add, 2, 3)).resolves.toBe(5);
  });

  it.each([
    ['a failure of our own', ApplicationFailure.create({ message: 'x@y.example' }), false],
    ['a cancellation', new CancelledFailure('x@y.example'), false],
    ['an aborted call of a cancelled activity', new DOMException('', 'AbortError'), true],
  ])('leaves %s as it is', async (_what, thrown, cancelled) => {
    const { failure, logged } = await failureOf(thrown, { cancelled });

    expect(failure).toBe(thrown);
    expect(logged).toEqual([]);
  });

  it('makes any other error one that is masked, without a cause, and logs it', async () => {
    const cause = new Error('cause of owner@customer.example');

    const { failure, logged } = await failureOf(
      new TypeError('for owner@customer.example', { cause }),
    );

    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: 'TypeError', message: 'for <address>' });
    expect(failure.cause).toBeUndefined();
    expect(logged).toMatchObject([
      { level: 'ERROR', message: 'bulk_upload_notification.unexpected_failure' },
    ]);
  });

  it.each([
    ['a long one', 'x'.repeat(3_000_000)],
    [
      'one with an address across the cut',
      `${'x '.repeat(245)}${'owner'.repeat(10)}@customer.example`,
    ],
    [
      'one that looks like a stack',
      'no\n    at owner@customer.example\n    at owner@customer.example',
    ],
  ])('keeps the frames of %s, and nothing of its message in them', async (_what, message) => {
    const { failure } = await failureOf(new Error(message));

    expect(failure.stack).toContain('contain-failures.test.ts:');
    expect(failure.stack?.length).toBeLessThan(5_000);
    expect(`${failure.message} ${failure.stack}`).not.toContain('owner');
  });

  it.each([undefined, null, 'a text', { message: 7 }])('takes %p for an error', async (thrown) => {
    const { failure } = await failureOf(thrown);

    expect(failure).toBeInstanceOf(ApplicationFailure);
  });
});
