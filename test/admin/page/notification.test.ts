import { type AdminPage, startAdminPage } from '../../support/admin-page';
import { capturedLogger } from '../../support/captured-logger';
import { createMemoryOperator } from '../../support/memory-operator';
import { notificationDetail } from '../../support/memory-search';
import { revealing } from '../../support/record';
import type { NotificationRow } from '../../../src/operator/ledger-reader';
import { createResends, ResendUnconfirmed } from '../../../src/operator/request-resend';
import type { NotificationDetail } from '../../../src/operator/search';

const PATH = '/notifications/550e8400-e29b-41d4-a716-446655440000/completed';
const EVENT_ID = 'bulk_upload_notification:550e8400-e29b-41d4-a716-446655440000:completed';

let operator: ReturnType<typeof createMemoryOperator>;
let page: AdminPage;

async function start(detail: Partial<NotificationDetail> = {}) {
  operator = createMemoryOperator({ notifications: [notificationDetail(detail)] });
  page = await startAdminPage(operator.deps);
  await page.logIn();
}

afterEach(() => page.close());

const attempt = {
  id: '1',
  resend: 0,
  verdict: 'deferred' as const,
  recipient: 'ada.lindgren@customer.example',
  messageId: '<550e8400@boltroute.example>',
  claimedAt: '2026-03-02T09:30:06.000Z',
  settledAt: '2026-03-02T09:30:08.500Z',
  reply: '451 4.7.1 <ada.lindgren@customer.example>: try again later',
};

describe('a notification', () => {
  it('tells in the order of time what happened and what comes next', async () => {
    await start({
      state: 'waiting',
      attempts: [attempt],
      resends: [
        {
          requestId: 'ticket-4711',
          resend: 0,
          requestedBy: 'jane',
          reason: 'ada@customer.example called',
          requestedAt: '2026-03-02T10:00:00.000Z',
          result: 'waiting',
        },
      ],
      wait: {
        for: 'the relay',
        failure: 'the relay deferred the mail',
        attempt: 2,
        nextAttemptAt: '2026-03-02T12:05:00.000Z',
        giveUpAt: '2026-03-06T09:30:05.000Z',
      },
    });

    const { body } = await page.get(PATH);

    const texts = [
      'The webhook came',
      'Attempt 1',
      'put off: it is tried again',
      '451 4.7.1',
      '2.5 s',
      'jane',
      'in 5 min',
      'Next attempt, number 2',
      'it is parked',
    ];
    const places = texts.map((text) => body.indexOf(text, body.indexOf('What happened')));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it('shows one sentence, the remedy and the one action that fits', async () => {
    await start({
      state: 'parked',
      reason: 'recipient_missing',
      sentence: 'Parked: the user has no address.',
      remedy: 'Have the user enter an address, then resend.',
    });

    const { body } = await page.get(PATH);

    expect(body).toContain('Parked: the user has no address.');
    expect(body).toContain('Have the user enter an address, then resend.');
    expect(body).toContain(`action="${PATH}/resend"`);
  });

  it.each<[NotificationDetail['state'], boolean]>([
    ['waiting', true],
    ['sent', true],
    ['parked', true],
    ['nothing_to_send', false],
    ['handed_over', false],
  ])('in the state %s can be resent: %s', async (state, canBeResent) => {
    await start({ state });

    const { body } = await page.get(PATH);

    expect(body.includes(`action="${PATH}/resend"`)).toBe(canBeResent);
  });

  it('leads to the notification that it was handed over to, and to the run', async () => {
    await start({
      state: 'handed_over',
      handedOverTo: EVENT_ID.replace('completed', 'failed'),
      runUrl: 'https://temporal.example/namespaces/default/workflows/x',
    });

    const { body } = await page.get(PATH);

    expect(body).toContain(`href="${PATH.replace('completed', 'failed')}"`);
    expect(body).toContain('href="https://temporal.example/namespaces/default/workflows/x"');
  });

  it('answers 404 when nothing is known of it, and says what was looked at', async () => {
    await start({ taskId: '00000000-0000-4000-8000-000000000001' });

    const { status, body } = await page.get(PATH);

    expect(status).toBe(404);
    expect(body).toContain('Nothing was found.');
  });

  it('answers 503 when what could not be asked may know of it', async () => {
    const missing = ['The ledger could not be asked: no answer'];
    await start({ taskId: '00000000-0000-4000-8000-000000000001' });
    operator.deps.search.show = async () => ({
      ...{ found: 'nothing', sentence: 'Nothing as far as could be asked.', watches: [], missing },
    });

    const { status, body } = await page.get(PATH);

    expect(status).toBe(503);
    expect(body).toContain(missing[0]);
  });

  it.each(['/notifications/x/completed', PATH.replace('completed', 'lost'), `${PATH}/x`])(
    'answers 404 to %s',
    async (path) => {
      await start();

      expect((await page.get(path)).status).toBe(404);
    },
  );

  it('shows the mail', async () => {
    await start();

    const { body } = await page.get(`${PATH}/mail`);

    expect(body).toContain('Verification of customers.csv: completed');
    expect(body).toContain('1200 addresses in customers.csv.');
  });
});

describe('addresses', () => {
  it('are masked wherever they stand', async () => {
    await start({
      attempts: [attempt],
      sentence: 'Waits for ada.lindgren@customer.example.',
      wait: { for: 'the relay', failure: 'ada.lindgren@customer.example: unknown' },
    });

    const { body } = await page.get(PATH);

    expect(body).toContain('a…@customer.example');
    expect(body).not.toContain('ada.lindgren');
  });

  it('are shown when somebody asks for them, which the log records without them', async () => {
    await start({ attempts: [attempt] });

    const { status, body } = await revealing('the operator asks for them', () =>
      page.submit(PATH, `${PATH}/reveal`),
    );

    expect(status).toBe(200);
    expect(body).toContain('ada.lindgren@customer.example');
    expect(page.log.events()).toContain('admin.addresses_revealed');
    expect(page.log.text()).not.toContain('ada.lindgren');
  });

  it('stay masked without the token of the session', async () => {
    await start({ attempts: [attempt] });

    const { status, body } = await page.post(`${PATH}/reveal`, {});

    expect(status).toBe(403);
    expect(body).not.toContain('ada.lindgren');
  });
});

describe('a resend', () => {
  it.each<[string, Partial<NotificationDetail>]>([
    ['waits, of which a mail went out before', { state: 'waiting', sentCount: 1 }],
    ['may have been sent', { state: 'parked', reason: 'uncertain', sentCount: 0 }],
  ])('of one that %s offers no exception, which would do nothing', async (_what, detail) => {
    await start(detail);

    await page.submit(PATH, `${PATH}/resend`, { why: 'lost' });

    expect(operator.resent).toMatchObject([{ reason: 'lost', unlessSent: false }]);
    expect((await page.get(PATH)).body).not.toContain('do nothing');
  });

  it('of one that waits does nothing if it was sent meanwhile, unless that is asked for', async () => {
    await start({ state: 'waiting', sentCount: 0 });

    await page.submit(PATH, `${PATH}/resend`, { why: 'hurry', unless_sent: 'yes' });
    await page.submit(PATH, `${PATH}/resend`, { why: 'twice', unless_sent: 'no' });

    expect(operator.resent).toMatchObject([
      { eventId: EVENT_ID, reason: 'hurry', unlessSent: true },
      { eventId: EVENT_ID, reason: 'twice', unlessSent: false },
    ]);
    expect((await page.get(PATH)).body).toMatch(/name="unless_sent" value="yes" checked/);
  });

  it('of one that was sent sends it once more', async () => {
    await start({ state: 'sent' });

    await page.submit(PATH, `${PATH}/resend`, { requested_by: ' jane ', why: 'deleted' });

    expect(operator.resent).toMatchObject([
      { requestedBy: 'jane', reason: 'deleted', unlessSent: false },
    ]);
  });

  it('is one request however often its form is sent', async () => {
    await start({ state: 'sent' });
    const request_id = '11111111-1111-4111-8111-111111111111';

    await page.submit(PATH, `${PATH}/resend`, { request_id, why: 'deleted' });
    await page.submit(PATH, `${PATH}/resend`, { request_id, why: 'deleted' });

    expect(operator.resent).toHaveLength(1);
  });

  it('says what became of it, on a page that can be loaded anew', async () => {
    await start({ state: 'sent' });

    const { status, location } = await page.submit(PATH, `${PATH}/resend`, { why: 'deleted' });
    const { body } = await page.get(location ?? '');

    expect(status).toBe(303);
    expect(body).toContain('Sent: the relay accepted the email.');
  });
});

describe('a resend that Temporal does not confirm', () => {
  it('is answered 503 with its request ID: the same form again is the same request', async () => {
    await start({ state: 'sent' });
    operator.deps.resends.request = async (_eventId, { requestId = '' }) => {
      throw new ResendUnconfirmed(requestId, new Error('4 DEADLINE_EXCEEDED'));
    };
    const request_id = '11111111-1111-4111-8111-111111111111';

    const { status, headers, body } = await page.submit(PATH, `${PATH}/resend`, {
      ...{ request_id, why: 'deleted' },
    });

    expect([status, headers.get('Retry-After')]).toEqual([503, '5']);
    expect(body).toContain(`did not confirm request ${request_id}, which may have been taken.`);
    expect(body).toContain('Reload this page to send the form again');
    expect(body).not.toContain('Nothing is lost');
  });
});

describe('what became of a resend', () => {
  const REQUEST_ID = '11111111-1111-4111-8111-111111111111';

  it('is known of a request that did nothing, since it excepts what was sent', async () => {
    await start({ state: 'waiting' });
    const ledger = {
      read: async () => ({
        notification: notificationDetail({ state: 'sent', sentCount: 1 }) as NotificationRow,
        ...{ attempts: [], resends: [] },
      }),
    };
    const { waitFor } = resendsOn(ledger);
    operator.deps.resends.waitFor = waitFor;

    const { location } = await page.submit(PATH, `${PATH}/resend`, {
      why: 'x',
      unless_sent: 'yes',
    });
    const { body } = await page.get(location ?? '');

    expect(body).toContain('It was sent before, so the request did nothing.');
  });

  it('is awaited before the notification is read', async () => {
    await start({ state: 'waiting' });
    operator.deps.resends.waitFor = async () => {
      expect(operator.found.asked).toEqual([]);
      return { result: 'sent', sentence: 'Sent.' };
    };

    const { status, body } = await page.get(`${PATH}?request=${REQUEST_ID}`);

    expect(status).toBe(200);
    expect(body).toContain('<strong>Resend requested.</strong> Sent.');
    expect(operator.found.asked).toEqual([EVENT_ID]);
  });

  it('cannot be read now: the request stands all the same', async () => {
    await start({ state: 'waiting' });
    const ledger = { read: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const log = capturedLogger();
    operator.deps.resends.waitFor = resendsOn(ledger, log).waitFor;

    const { status, body } = await page.get(`${PATH}?request=${REQUEST_ID}`);

    expect(status).toBe(200);
    expect(body).toContain('What came of it cannot be read now.');
    expect(body).toContain('Look again');
    expect(log.events()).toContain('admin.resend_result_unknown');
  });

  it.each([
    ['no reason', {}],
    ['a reason that is too long', { why: 'x'.repeat(1_025) }],
    ['a name that is too long', { why: 'x', requested_by: 'x'.repeat(257) }],
    ['a reason of two lines', { why: 'x\ny' }],
  ])('is nothing with %s: it is refused', async (_what, fields) => {
    await start({ state: 'sent' });

    const { status } = await page.submit(PATH, `${PATH}/resend`, fields);

    expect(status).toBe(400);
    expect(operator.resent).toEqual([]);
  });
});

const resendsOn = (
  ledger: Parameters<typeof createResends>[0]['ledger'],
  { logger } = capturedLogger(),
) => createResends({ notifications: { resend: async () => '' }, ledger, logger });

describe('hostile text', () => {
  const hostile = '"><img src=x onerror=alert(1)>\u202Egpj.exe\x1b[31m\u2028\u3164</title>';

  it('is shown, isolated, with what would not show by name', async () => {
    await start({
      fileName: hostile,
      sentence: hostile,
      attempts: [{ ...attempt, reply: hostile, messageId: hostile }],
      resends: [
        {
          ...{ requestId: hostile, resend: 1, requestedBy: hostile, reason: hostile },
          ...{ requestedAt: '2026-03-02T10:00:00.000Z', result: 'sent' },
        },
      ],
    });

    for (const path of [PATH, '/', `${PATH}/mail`, '/previews?file=%E2%80%AE%3Cimg%20src%3E']) {
      const { status, body } = await page.get(path);
      expect(status).toBe(200);
      // A field holds what was entered; it is isolated by itself.
      const shown = body.replace(/ value="[^"]*"/g, '');
      expect(shown).not.toMatch(/<img|[\u202e\x1b\u2028\u3164]/);
      expect(body).toContain('<span class="unseen">U+202E</span>');
      expect(body.match(/<title>/g)).toHaveLength(1);
    }
  });
});
