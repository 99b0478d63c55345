import { z } from 'zod';
import { ledgerStates, parkReasons } from '../../operator/notification-filter';
import { type Reason, reasons } from '../../../workflows/core/reasons';
import { eventId } from './inputs';
import { count, instant, outcome, page } from './scalar-shapes';

const allReasons = Object.keys(reasons) as Reason[];

const row = {
  event_id: eventId,
  task_id: z.string(),
  outcome,
  user_id: z.string().optional(),
  file_name: z.string().optional(),
  email_count: count.optional(),
};

export const notificationRow = z
  .object({
    ...row,
    state: z.enum(ledgerStates),
    reason: z.enum(parkReasons).optional(),
    sent_count: count,
    created_at: instant,
    updated_at: instant,
  })
  .meta({ id: 'Notification', description: 'A notification as the ledger has it' });

export const notificationPage = z.object({
  notifications: z.array(notificationRow),
  ...page,
  searched_to: instant
    .optional()
    .meta({ description: 'The search ended here, at its limit: older ones were not looked at' }),
});

export const counts = z.object({
  counts: z.array(
    z.object({
      state: z.enum(ledgerStates),
      reason: z.enum(parkReasons).optional(),
      count,
      is_capped: z.boolean().meta({ description: 'There may be more' }),
      sent_before: count
        .optional()
        .meta({ description: 'Those that had an email accepted before; absent if none' }),
    }),
  ),
});

export const days = z.object({
  days: z.array(z.object({ day: z.iso.date(), outcome, count })),
});

const attempt = z.object({
  id: z.string(),
  resend: count,
  verdict: z.enum(['sending', 'accepted', 'refused', 'deferred', 'ambiguous']),
  recipient: z.string().optional(),
  message_id: z.string(),
  claimed_at: instant,
  submitted_at: instant.optional(),
  settled_at: instant.optional(),
  reply: z.string().optional(),
});

const resend = z.object({
  request_id: z.string(),
  resend: count,
  requested_by: z.string().optional(),
  reason: z.string().optional(),
  requested_at: instant,
  result: z.enum(['sent', 'waiting', 'parked']),
});

const watch = z
  .object({
    task_id: z.string(),
    user_id: z.string().optional(),
    status: z.enum(['open', 'closed']),
    started_at: instant,
    sentence: z.string(),
    run_url: z.string().optional(),
  })
  .meta({ id: 'Watch', description: 'An upload whose webhook was awaited' });

export const notificationDetail = z
  .object({
    ...row,
    state: z.enum([...ledgerStates, 'nothing_to_send', 'handed_over']),
    reason: z.enum(allReasons).optional(),
    sent_count: count.optional(),
    created_at: instant.meta({
      description: 'First recorded; without a record, when its run started',
    }),
    updated_at: instant.optional(),
    sentence: z.string().meta({ description: 'What is the case, and what will happen next' }),
    remedy: z.string().optional().meta({ description: 'What a person can do' }),
    webhook_at: instant.optional(),
    started_by: z.enum(['webhook', 'watch', 'resend', 'hand_over']).optional(),
    attempts: z.array(attempt),
    resends: z.array(resend),
    wait: z
      .object({
        for: z.string(),
        failure: z.string().optional(),
        attempt: count.optional(),
        next_attempt_at: instant.optional(),
        give_up_at: instant.optional(),
      })
      .optional(),
    handed_over_to: z.string().optional(),
    resendable_until: instant.optional(),
    run_url: z.string().optional(),
    run_status: z.enum(['open', 'closed', 'forgotten']).optional(),
    watch: watch.optional(),
  })
  .meta({ id: 'NotificationDetail', description: 'A notification, from the ledger and Temporal' });

const foundNotification = notificationRow
  .extend({
    state: notificationDetail.shape.state,
    reason: notificationDetail.shape.reason,
    run_ended: z.boolean().optional().meta({
      description: 'It waits, and nothing will happen: its run was terminated or has failed',
    }),
  })
  .meta({ id: 'FoundNotification', description: 'A notification, or a run that has none' });

const missing = {
  missing: z.array(z.string()).optional().meta({
    description: 'What could not be asked, and why, or was left out: the rest is without it',
  }),
};

export const notificationShown = notificationDetail.extend(missing);

export const shown = z.discriminatedUnion('found', [
  z.object({ found: z.literal('notification'), ...missing, notification: notificationDetail }),
  z.object({
    found: z.literal('several'),
    ...missing,
    sentence: z.string(),
    notifications: z.array(foundNotification),
    users_with_more: z.array(z.string()).meta({
      description: 'Users who have more: GET /api/admin/notifications?user= lists all of one',
    }),
    watches: z.array(watch),
  }),
  z.object({
    found: z.literal('nothing'),
    ...missing,
    sentence: z.string(),
    watches: z.array(watch),
  }),
]);

export const resendRequested = z.object({ event_id: eventId, request_id: z.string() });

export const mailPreview = z.object({
  outcome,
  headers: z.array(z.object({ name: z.string(), value: z.string() })),
  subject: z.string(),
  text: z.string(),
  raw: z.string().meta({ description: 'The message as a relay would get it' }),
});
