import { z } from 'zod';
import { unavailable } from '../../http/errors';
import { concealedUnless } from '../../operator/conceal-addresses';
import { filterFields } from '../../operator/notification-filter';
import { pageCursor } from '../../operator/page-cursor';
import { renderJson } from '../../operator/render-json';
import type { Search } from '../../operator/search';
import { refuseUnconfirmed } from '../refuse-unconfirmed';
import { defineEndpoint } from './endpoint';
import { notificationNotFound } from './errors';
import { filterOf } from './filter-of';
import { eventId, numberWithin, requestedBy, requestId, resendReason, reveal } from './inputs';
import { linksToNotification } from './links';
import * as shapes from './notification-shapes';

const LIMIT_MAX = 200;
const LIMIT_DEFAULT = 50;
const DAYS_MAX = 90;
const DAYS_DEFAULT = 14;
const SEARCH_MAX_CHARS = 320;
const REPEAT = 'Repeat it with this request_id: it stays the same request.';

export const listNotifications = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/notifications', operationId: 'listNotifications' },
  summary: 'The notifications that match every given filter, the newest first',
  query: filterFields.extend({
    cursor: pageCursor.optional(),
    limit: numberWithin(1, LIMIT_MAX).optional(),
    ...reveal,
  }),
  status: 200,
  answer: shapes.notificationPage,
  links: {
    ...linksToNotification('$response.body#/notifications/0/event_id'),
    listNotifications: { cursor: '$response.body#/next_cursor' },
  },
  async run({ query }, operator) {
    const { cursor, limit = LIMIT_DEFAULT, reveal: isRevealed, ...fields } = query;
    const listed = await operator.search.list(filterOf(fields), { cursor, limit });
    return renderJson(concealedUnless(isRevealed, listed));
  },
});

export const countNotifications = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/counts', operationId: 'countNotifications' },
  summary: 'How many notifications match, by state and reason; each count stops at its limit',
  query: filterFields,
  status: 200,
  answer: shapes.counts,
  async run({ query }, { search }) {
    return renderJson({ counts: await search.count(filterOf(query)) });
  },
});

export const countDays = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/days', operationId: 'countDays' },
  summary: 'How many notifications there were by day (UTC) and outcome, the oldest day first',
  query: z.strictObject({ days: numberWithin(1, DAYS_MAX).optional() }),
  status: 200,
  answer: shapes.days,
  async run({ query: { days = DAYS_DEFAULT } }, { search }) {
    return renderJson({ days: await search.countByDay(days) });
  },
});

export const search = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/search', operationId: 'search' },
  summary: 'What is known by a task ID, event ID or user ID',
  query: z.strictObject({
    q: z
      .string()
      .max(SEARCH_MAX_CHARS)
      .regex(
        /^[!-?A-~\u00a0-\uffff]+$/,
        'must be an ID: an address belongs into the body of POST /api/admin/search',
      ),
    ...reveal,
  }),
  status: 200,
  answer: shapes.shown,
  run: ({ query: { q, reveal: isRevealed } }, operator) => show(operator.search, q, isRevealed),
});

/** Logs of proxies keep URLs, so that an address has a door without one. */
export const searchByBody = defineEndpoint({
  ...{ method: 'post', path: '/api/admin/search', operationId: 'searchByBody' },
  summary: 'What is known by a task ID, event ID, user ID or e-mail address',
  body: z.strictObject({
    query: z
      .string()
      .max(SEARCH_MAX_CHARS)
      .regex(/^[!-~\u00a0-\uffff]+$/, 'must be an ID or an address'),
    reveal: z
      .boolean()
      .default(false)
      .meta({ description: 'Whether to show addresses in full; each such request is logged' }),
  }),
  status: 200,
  answer: shapes.shown,
  run: ({ body: { query, reveal: isRevealed } }, operator) =>
    show(operator.search, query, isRevealed),
});

async function show(search: Search, query: string, isRevealed: boolean) {
  const shown = await search.show(query);
  return renderJson(concealedUnless(isRevealed, shown));
}

export const showNotification = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/notifications/{event_id}' },
  operationId: 'showNotification',
  summary: 'One notification with its attempts and resends, and what it waits for',
  params: z.object({ event_id: eventId }),
  query: z.strictObject(reveal),
  status: 200,
  answer: shapes.notificationShown,
  refusals: { 404: ['notification_not_found'] },
  async run({ params, query }, operator) {
    const shown = await operator.search.show(params.event_id);
    const { missing } = shown;
    if (shown.found !== 'notification') throw missing ? unavailable() : notificationNotFound();
    const notification = { ...shown.notification, ...(missing && { missing }) };
    return renderJson(concealedUnless(query.reveal, notification));
  },
});

export const requestResend = defineEndpoint({
  ...{ method: 'post', path: '/api/admin/notifications/{event_id}/resends' },
  operationId: 'requestResend',
  summary: 'Requests the email of a notification again, or now if it has not been sent',
  params: z.object({ event_id: eventId }),
  body: z.strictObject({
    request_id: requestId.optional().meta({
      description:
        'The same ID twice is one resend; without it the answer has a new one, also a 503',
    }),
    requested_by: requestedBy.optional().meta({ description: 'Who asks, for the ledger' }),
    reason: resendReason.optional().meta({ description: 'Why, for the ledger' }),
    unless_sent: z
      .boolean()
      .optional()
      .meta({ description: 'Whether to do nothing if an email was sent, or may have been' }),
  }),
  status: 202,
  answer: shapes.resendRequested,
  links: { showNotification: { event_id: '$response.body#/event_id' } },
  async run({ params, body }, { resends }) {
    const { request_id, requested_by, unless_sent, reason } = body;
    const request = {
      ...{ requestId: request_id, requestedBy: requested_by, unlessSent: unless_sent, reason },
    };
    const requested = await resends
      .request(params.event_id, request)
      .catch(refuseUnconfirmed(REPEAT));
    return renderJson(requested);
  },
});
