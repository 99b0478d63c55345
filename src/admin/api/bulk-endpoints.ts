import { z } from 'zod';
import {
  BULK_RATE_MAX_PER_SECOND,
  BULK_RATE_MIN_PER_SECOND,
  bulkItemResults,
} from '../../../workflows/core/bulk-request';
import { DEFAULT_BULK_RATE_PER_SECOND, faultsOfBulk } from '../../operator/bulk-resends';
import { concealAddresses, concealedUnless } from '../../operator/conceal-addresses';
import { agesOf } from '../../operator/notification-filter';
import { bulkItemCursor } from '../../operator/page-cursor';
import { renderJson } from '../../operator/render-json';
import * as shapes from './bulk-shapes';
import { defineEndpoint } from './endpoint';
import { bulkNotFound, bulkRefused, requestIdTaken } from './errors';
import { filterOf } from './filter-of';
import {
  bulkFilter,
  bulkId,
  numberWithin,
  requestedBy,
  requestId,
  resendReason,
  reveal,
} from './inputs';
import { linksToBulk, linksToNotification } from './links';

const LIMIT_MAX = 1_000;
const LIMIT_DEFAULT = 100;

const selection = {
  filter: bulkFilter,
  include_sent: z
    .boolean()
    .default(false)
    .meta({ description: 'Whether emails that were accepted, or may have been, are sent again' }),
};
const params = z.object({ bulk_id: bulkId });

export const previewBulk = defineEndpoint({
  ...{ method: 'post', path: '/api/admin/bulk-resend-preview', operationId: 'previewBulkResend' },
  summary: 'What a bulk resend would do now; sends nothing',
  body: z.strictObject(selection),
  status: 200,
  answer: shapes.bulkPreview,
  async run({ body: { filter, include_sent: includeSent } }, { bulks }) {
    const preview = await bulks.preview(filterOf(filter), { includeSent });
    return renderJson(concealAddresses(preview));
  },
});

export const startBulk = defineEndpoint({
  ...{ method: 'post', path: '/api/admin/bulk-resends', operationId: 'startBulkResend' },
  summary: 'Starts a bulk resend, or continues one that was cancelled or has failed',
  body: z.strictObject({
    ...selection,
    request_id: requestId.meta({
      description:
        'Of this bulk resend: with the same selection it is the same one, with another it is refused',
    }),
    requested_by: requestedBy.optional().meta({ description: 'Who asks, for the ledger' }),
    reason: resendReason.optional().meta({ description: 'Why, for the ledger' }),
    rate_per_second: z
      .number()
      .min(BULK_RATE_MIN_PER_SECOND)
      .max(BULK_RATE_MAX_PER_SECOND)
      .default(DEFAULT_BULK_RATE_PER_SECOND),
  }),
  status: 202,
  answer: shapes.bulkStarted,
  links: linksToBulk('$response.body#/bulk_id'),
  refusals: { 409: ['bulk_refused', 'request_id_taken'] },
  async run({ body }, { bulks }) {
    const order = {
      filter: filterOf(body.filter),
      ages: agesOf(body.filter),
      includeSent: body.include_sent,
      requestId: body.request_id,
      requestedBy: body.requested_by,
      reason: body.reason,
      ratePerSecond: body.rate_per_second,
    };
    const faults = faultsOfBulk(order);
    if (faults.length > 0) throw bulkRefused(faults);
    const { bulkId, isNew, refusal } = await bulks.start(order);
    if (refusal !== undefined) throw requestIdTaken(refusal);
    return renderJson({ bulkId, isNew });
  },
});

export const listBulks = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/bulk-resends', operationId: 'listBulkResends' },
  summary: 'The latest bulk resends, the newest first',
  query: z.strictObject(reveal),
  status: 200,
  answer: shapes.bulkList,
  links: linksToBulk('$response.body#/bulks/0/bulk_id'),
  async run({ query }, operator) {
    const bulks = await operator.bulks.list();
    return renderJson({ bulks: concealedUnless(query.reveal, bulks) });
  },
});

export const showBulk = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/bulk-resends/{bulk_id}', operationId: 'showBulkResend' },
  summary: 'A bulk resend with its progress',
  params,
  query: z.strictObject(reveal),
  status: 200,
  answer: shapes.bulkStatus,
  refusals: { 404: ['bulk_not_found'] },
  async run({ params: { bulk_id: id }, query }, { bulks }) {
    const bulk = await bulks.show(id);
    if (!bulk) throw bulkNotFound();
    return renderJson(concealedUnless(query.reveal, bulk));
  },
});

export const listBulkItems = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/bulk-resends/{bulk_id}/items' },
  operationId: 'listBulkResendItems',
  summary: 'What became of each notification of a bulk resend; of an unknown one there are none',
  params,
  query: z.strictObject({
    result: z.enum(bulkItemResults).optional(),
    cursor: bulkItemCursor.optional(),
    limit: numberWithin(1, LIMIT_MAX).optional(),
  }),
  status: 200,
  answer: shapes.bulkItems,
  links: linksToNotification('$response.body#/items/0/event_id'),
  async run({ params: { bulk_id: id }, query: { limit = LIMIT_DEFAULT, ...query } }, { bulks }) {
    return renderJson(await bulks.items(id, { ...query, limit }));
  },
});

export const cancelBulk = defineEndpoint({
  ...{ method: 'post', path: '/api/admin/bulk-resends/{bulk_id}/cancel' },
  operationId: 'cancelBulkResend',
  summary: 'Stops a bulk resend before its next item',
  params,
  status: 200,
  answer: shapes.bulkCancelled,
  async run({ params: { bulk_id: id } }, { bulks }) {
    return renderJson({ bulkId: id, cancelled: await bulks.cancel(id) });
  },
});
