import { z } from 'zod';
import { ledgerStates, parkReasons } from '../../operator/notification-filter';
import { bulkItemResults } from '../../../workflows/core/bulk-request';
import { bulkId, eventId } from './inputs';
import { notificationRow } from './notification-shapes';
import { count, instant, outcome, page } from './scalar-shapes';

/** As a stored bulk resend has it: with instants and without ages. */
const storedFilter = z.object({
  state: z.enum(ledgerStates).optional(),
  reason: z.enum(parkReasons).optional(),
  outcome: outcome.optional(),
  user_id: z.string().optional(),
  file_name: z.string().optional(),
  created_from: instant.optional(),
  created_to: instant.optional(),
});

const isCapped = z.boolean().meta({ description: 'There may be more' });

export const bulkPreview = z.object({
  count,
  is_capped: isCapped,
  left_alone: z.object({
    ...{ already_sent: count, is_already_sent_capped: isCapped },
    ...{ uncertain: count, is_uncertain_capped: isCapped },
  }),
  sample: z.array(notificationRow),
});

export const bulkStarted = z.object({
  bulk_id: bulkId,
  is_new: z.boolean().meta({ description: 'False: it is running, or has completed' }),
});

const bulk = {
  bulk_id: bulkId,
  request_id: z.string(),
  state: z.enum(['running', 'completed', 'cancelled', 'failed']),
  filter: storedFilter,
  ages: z.object({ created_from: z.string().optional(), created_to: z.string().optional() }).meta({
    description: 'Times of the filter that were given as ages, by which it is known again',
  }),
  include_sent: z.boolean(),
  requested_by: z.string().optional(),
  reason: z.string().optional(),
  rate_per_second: z.number(),
  started_at: instant,
  finished_at: instant.optional(),
  matched: count.optional(),
  is_matched_capped: z.boolean().optional(),
};

export const bulkList = z.object({ bulks: z.array(z.object(bulk)) });

const bulkCounts = z.object({
  ...{ pending: count, requested: count, already_sent: count, uncertain: count, failed: count },
  ...{ sent: count, waiting: count, parked: count },
});

export const bulkStatus = z.object({
  ...bulk,
  counts: bulkCounts,
  run: z
    .object({
      status: z.enum(['open', 'completed', 'cancelled', 'failed']),
      run_id: z.string(),
      failure: z.string().optional(),
    })
    .optional(),
  run_url: z.string().optional(),
});

export const bulkItems = z.object({
  items: z.array(
    z.object({
      event_id: eventId,
      result: z.enum(bulkItemResults),
      became_of: z.enum(['sent', 'waiting', 'parked']).optional(),
      at: instant,
    }),
  ),
  ...page,
});

export const bulkCancelled = z.object({
  bulk_id: bulkId,
  cancelled: z.boolean().meta({ description: 'False: it was neither running nor cancelled' }),
});
