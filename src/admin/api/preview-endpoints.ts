import { z } from 'zod';
import type { MailPreview, Previews } from '../../operator/preview-mail';
import { renderJson } from '../../operator/render-json';
import { defineEndpoint, type Operator } from './endpoint';
import { previewNotConfigured, previewNotPossible } from './errors';
import { eventId, numberWithin } from './inputs';
import { mailPreview } from './notification-shapes';

const FILE_NAME_MAX_CHARS = 1_024;
const EMAIL_COUNT_MAX = 100_000_000;

export const previewMail = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/mail-preview', operationId: 'previewMail' },
  summary: 'The email for a file, exactly as it would be sent; recipient and Message-ID stand in',
  query: z.strictObject({
    outcome: z.enum(['completed', 'failed']),
    file_name: z
      .string()
      .min(1)
      .max(FILE_NAME_MAX_CHARS)
      .regex(/^[ -~\u00a0-\uffff]*$/),
    email_count: numberWithin(0, EMAIL_COUNT_MAX),
  }),
  status: 200,
  answer: mailPreview,
  refusals: { 404: ['preview_not_configured'] },
  async run({ query: { outcome, file_name: fileName, email_count: emailCount } }, operator) {
    const previews = previewsOf(operator);
    return render(await previews.ofContent({ outcome, fileName, emailCount }));
  },
});

export const previewNotificationMail = defineEndpoint({
  ...{ method: 'get', path: '/api/admin/notifications/{event_id}/mail-preview' },
  operationId: 'previewNotificationMail',
  summary: 'The email that a resend of this notification would be',
  params: z.object({ event_id: eventId }),
  status: 200,
  answer: mailPreview,
  refusals: { 404: ['preview_not_configured', 'preview_not_possible'] },
  async run({ params }, operator) {
    const preview = await previewsOf(operator).ofNotification(params.event_id);
    if (!preview) throw previewNotPossible();
    return render(preview);
  },
});

function previewsOf({ previews }: Operator): Previews {
  if (!previews) throw previewNotConfigured();
  return previews;
}

/** The addresses in it are our own, and one that stands for the recipient's. */
const render = (preview: MailPreview) =>
  renderJson({ ...preview, raw: preview.raw.toString('utf8') });
