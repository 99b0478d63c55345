import { composeMail } from '../../activities/mail/compose-mail';
import { composeMessage } from '../../src/clients/smtp/compose-message';
import { createMailer } from '../../src/clients/smtp/mailer';
import type { NotificationRow } from '../../src/operator/ledger-reader';
import { createPreviews } from '../../src/operator/preview-mail';
import { workflowId } from '../../workflows/core/workflow-id';
import { claimed } from '../support/mail-to';
import { type RecordingRelay, startRecordingRelay } from '../support/recording-relay';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';
const sender = {
  from: { name: 'Bölt, "Route"', address: 'noreply@sender.example' },
  replyTo: 'support@sender.example',
  templates: {
    completed: {
      subject: '{file_name} ist fertig',
      body: 'Grüße,\n{email_count} in {file_name}\n.\nEnd',
    },
    failed: { subject: 'Failed: {file_name}', body: '.\n..{file_name}' },
  },
};
const row: NotificationRow = {
  ...{ eventId: workflowId(TASK_ID, 'failed'), taskId: TASK_ID, outcome: 'failed', state: 'sent' },
  ...{ userId: 'u-1', fileName: 'leads.csv', emailCount: 7, sentCount: 2 },
  ...{ createdAt: '2026-03-01T08:00:00Z', updatedAt: '2026-03-01T08:00:00Z' },
};

let relay: RecordingRelay;
beforeAll(async () => {
  relay = await startRecordingRelay();
});
afterAll(() => relay.close());

function previewsOf(notification?: NotificationRow) {
  const read = () => Promise.resolve(notification && { notification, attempts: [], resends: [] });
  return createPreviews({ sender, composeMessage, ledger: { read } });
}

const withoutOwnHeaders = (bytes: Buffer) =>
  bytes.toString('latin1').replaceAll(/^(?:To|Message-ID|Date):.*\r\n(?:[ \t].*\r\n)*/gm, '');

describe('the preview of an email', () => {
  it.each([
    ['completed', 'customers.csv'],
    ['failed', 'customers.csv'],
    ['completed', '=?utf-8?q?x?=\u202e顧客 לקוחות\u001b[2J\r\nBcc: x@evil.example\r\n'],
    ['failed', `${'x'.repeat(8_000)}.csv`],
  ] as const)('is what a relay gets: %s, %j', async (outcome, fileName) => {
    const content = { outcome, fileName, emailCount: 12 };
    const mail = composeMail(
      { ...content, taskId: TASK_ID, resend: 0, mailDate: '2026-03-01T08:00:00Z' },
      { address: 'jane@customer.example' },
      sender,
    );
    const mailer = createMailer({
      ...{ host: '127.0.0.1', port: relay.port, username: 'mailer', password: 'secret' },
      ...{ tls: 'starttls', caCertificates: [relay.ca], ehloName: 'notify.sender.example' },
    });

    await mailer.send(mail, new AbortController().signal, claimed);
    const { raw } = await previewsOf().ofContent(content);

    expect(withoutOwnHeaders(raw)).toBe(withoutOwnHeaders(relay.received.at(-1)!.bytes));
  });

  it('names every header once, decoded', async () => {
    const { headers, subject } = await previewsOf().ofContent({
      ...{ outcome: 'completed', fileName: 'Größe.csv', emailCount: 1 },
    });

    const values = Object.fromEntries(headers.map(({ name, value }) => [name, value]));
    expect(Object.keys(values)).toHaveLength(headers.length);
    expect(values).toMatchObject({
      From: 'Bölt, "Route" <noreply@sender.example>',
      'Reply-To': 'support@sender.example',
      Subject: 'Größe.csv ist fertig',
      To: 'recipient@example.com',
    });
    expect(subject).toBe('Größe.csv ist fertig');
  });
});

describe('the preview of a past notification', () => {
  it('is the email that a resend of it would be', async () => {
    const preview = await previewsOf(row).ofNotification(row.eventId);

    expect(preview).toMatchObject({ outcome: 'failed', text: '.\n..leads.csv' });
    expect(preview?.raw.toString()).toContain(
      `Message-ID:\r\n <bulk.${TASK_ID}.failed.2@sender.example>\r\n`,
    );
  });

  it.each([
    ['is not in the ledger', undefined],
    ['was never attempted', { ...row, fileName: undefined, emailCount: undefined }],
  ])('is none if it %s', async (_why, notification) => {
    expect(await previewsOf(notification).ofNotification(row.eventId)).toBeUndefined();
  });
});
