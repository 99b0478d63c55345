import type { RecordedNotification, Resend } from '../../src/operator/ledger-reader';
import {
  createResends,
  isRequestId,
  requestResend,
  ResendUnconfirmed,
} from '../../src/operator/request-resend';
import { capturedLogger } from '../support/captured-logger';
import { workflowId } from '../../workflows/core/workflow-id';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const EVENT_ID = workflowId(TASK_ID, 'failed');

const notifications = { resend: jest.fn(() => Promise.resolve(EVENT_ID)) };

function recorded(
  change: Partial<RecordedNotification['notification']>,
  result?: Resend['result'],
): RecordedNotification {
  const resends: Resend[] = [
    { requestId: 'other', resend: 0, requestedAt: '2026-03-01T08:00:00Z', result: 'sent' },
  ];
  if (result) resends.push({ ...resends[0]!, requestId: 'mine', resend: 1, result });
  return {
    notification: {
      ...{ eventId: EVENT_ID, taskId: TASK_ID, outcome: 'failed', state: 'waiting', sentCount: 0 },
      ...{ createdAt: '2026-03-01T08:00:00Z', updatedAt: '2026-03-01T08:00:00Z' },
      ...change,
    },
    attempts: [],
    resends,
  };
}

const log = capturedLogger();

/** The ledger answers with one state after the other, the last one for ever. */
function resendsOf(...answers: (RecordedNotification | undefined)[]) {
  const ledger = {
    read: () => Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]),
  };
  return createResends({ notifications, ledger, logger: log.logger });
}

describe('requestResend', () => {
  it('signals the run of the event under the ID that is given', async () => {
    const signal = { requestId: 'T-1', requestedBy: 'Kim', unlessSent: true };

    const requested = await requestResend(notifications, EVENT_ID, signal);

    expect(requested).toEqual({ eventId: EVENT_ID, requestId: 'T-1' });
    expect(notifications.resend).toHaveBeenLastCalledWith(TASK_ID, 'failed', signal);
  });

  it('makes an ID of its own, by which the request is found', async () => {
    const { requestId } = await requestResend(notifications, EVENT_ID, {});

    expect(isRequestId(requestId)).toBe(true);
    expect(notifications.resend).toHaveBeenLastCalledWith(TASK_ID, 'failed', { requestId });
  });

  it('names the ID when Temporal does not confirm the request, which may have been taken', async () => {
    const cause = new Error('4 DEADLINE_EXCEEDED');
    notifications.resend.mockRejectedValueOnce(cause);

    const error = await requestResend(notifications, EVENT_ID, {}).catch((err: unknown) => err);

    const asked = notifications.resend.mock.lastCall as unknown[];
    const { requestId } = asked[2] as { requestId: string };
    expect(error).toBeInstanceOf(ResendUnconfirmed);
    expect(error).toMatchObject({ requestId, cause, message: expect.stringContaining(requestId) });
  });

  it('refuses what is no event', async () => {
    await expect(requestResend(notifications, 'x', {})).rejects.toThrow('not the ID');
  });
});

describe('request', () => {
  it('logs a request that Temporal did not confirm, with its ID', async () => {
    notifications.resend.mockRejectedValueOnce(new Error('4 DEADLINE_EXCEEDED'));

    await expect(resendsOf().request(EVENT_ID, { requestId: 'T-9' })).rejects.toThrow('T-9');

    expect(log.lines().at(-1)).toMatchObject({
      ...{ event: 'admin.resend_unconfirmed', level: 'error', event_id: EVENT_ID },
      err: {
        type: 'ResendUnconfirmed',
        message: expect.stringContaining('T-9'),
        cause: { message: '4 DEADLINE_EXCEEDED' },
      },
    });
  });
});

describe('waitFor', () => {
  it('waits until the request is recorded and settled', async () => {
    const resends = resendsOf(
      undefined,
      recorded({ state: 'sent', sentCount: 1 }),
      recorded({ state: 'sending', sentCount: 1 }, 'waiting'),
      recorded({ state: 'sent', sentCount: 2 }, 'sent'),
    );

    const ended = await resends.waitFor(EVENT_ID, 'mine', 5_000);

    expect(ended).toEqual({ result: 'sent', sentence: 'The email was handed to the relay.' });
  });

  it('says why the notification is parked, and the remedy', async () => {
    const resends = resendsOf(recorded({ state: 'parked', reason: 'recipient_missing' }, 'parked'));

    const { result, sentence } = await resends.waitFor(EVENT_ID, 'mine', 5_000);

    expect(result).toBe('parked');
    expect(sentence).toMatch(
      /^Parked: recipient_missing\. Give the user's profile .* then resend\.$/,
    );
  });

  it.each([
    ['the request is recorded', recorded({}, 'waiting'), /the request is recorded/],
    ['no worker has taken it', recorded({ state: 'sent', sentCount: 1 }), /no worker has taken/],
    ['the ledger knows nothing of it', undefined, /no worker has taken/],
  ])('gives up in time when %s', async (_when, answer, sentence) => {
    const ended = await resendsOf(answer).waitFor(EVENT_ID, 'mine', 1);

    expect(ended).toEqual({ result: 'waiting', sentence: expect.stringMatching(sentence) });
  });

  it('says so when the ledger cannot be read: the request stands all the same', async () => {
    const ledger = { read: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const resends = createResends({ notifications, ledger, logger: log.logger });

    const ended = await resends.waitFor(EVENT_ID, 'mine', 5_000);

    expect(ended).toEqual({ result: 'waiting', sentence: 'What came of it cannot be read now.' });
    expect(log.events()).toContain('admin.resend_result_unknown');
  });

  describe('with unlessSent', () => {
    it.each([
      ['sent', recorded({ state: 'sent', sentCount: 1 }), 'already_sent'],
      ['being sent again', recorded({ state: 'waiting', sentCount: 1 }), 'already_sent'],
      ['parked as uncertain', recorded({ state: 'parked', reason: 'uncertain' }), 'parked'],
    ])('ends at once when the notification is %s', async (_state, answer, result) => {
      const ended = await resendsOf(answer).waitFor(EVENT_ID, 'mine', 5_000, { unlessSent: true });

      expect(ended).toMatchObject({ result });
    });

    it('waits for a request that is recorded', async () => {
      const resends = resendsOf(
        recorded({ state: 'parked', reason: 'refused' }),
        recorded({ state: 'sent', sentCount: 1 }, 'sent'),
      );

      const ended = await resends.waitFor(EVENT_ID, 'mine', 5_000, { unlessSent: true });

      expect(ended).toMatchObject({ result: 'sent' });
    });
  });
});

describe('isRequestId', () => {
  it.each([
    ['ticket 4711', true],
    ['x'.repeat(64), true],
    ['ü'.repeat(33), false],
    ['', false],
    [' a', false],
    ['a\u202eb', false],
    ['a\nb', false],
  ])('of %j is %j', (text, verdict) => {
    expect(isRequestId(text)).toBe(verdict);
  });
});
