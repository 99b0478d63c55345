import { randomUUID } from 'node:crypto';
import { addUser } from './add-user';
import { curlCommand } from './demo-curl';
import { showMail } from './demo-mail';
import type { DemoParts } from './demo-parts';
import { readMail } from './read-mail';
import { type SignedWebhook, signedWebhook } from './signed-webhook';
import { terminal } from './terminal';

interface Upload {
  filename: string;
  total: number;
  invalid: number;
}

const FIRST: Upload = { filename: 'customers-2026.csv', total: 12, invalid: 2 };
const SECOND: Upload = { filename: 'newsletter-spring.xlsx', total: 40, invalid: 3 };
const OWNER = 'ada.lindgren@northwind.example';
const MAIL_WITHIN_MS = 60_000;
/** As long as a timer can wait. */
const FOR_EVER_MS = 2 ** 31 - 1;

const { bold, green, quiet, say } = terminal;

/** What a person sees: one webhook that becomes one mail, where to look, how to send another. */
export function createDemoStory(parts: DemoParts) {
  const { temporal, postgres, relay, provider, api, webhookSecret } = parts;
  const apiUrl = `http://127.0.0.1:${api.port}`;
  const webhookUrl = `${apiUrl}/api/tasks/webhooks/bulk-upload`;
  const userId = randomUUID();

  /** The provider knows the task; its webhook is signed, not sent. */
  function addUpload({ filename, total, invalid }: Upload): SignedWebhook {
    const file = { filename, email_count: total };
    const { id: taskId } = provider.addTask({ user_id: userId, file });
    return signedWebhook({ taskId, userId, total, invalid, secret: webhookSecret });
  }

  async function sendFirst(): Promise<void> {
    await addUser(postgres.url, { userId, profileEmail: OWNER });
    const { body, headers } = addUpload(FIRST);
    say('', bold(`BoltRoute has verified ${inWords(FIRST)}, and tells the service so`), '');
    say(
      `  → POST ${webhookUrl}`,
      quiet(`    X-Webhook-Signature: ${headers['X-Webhook-Signature']}`),
    );
    const began = performance.now();
    const response = await fetch(webhookUrl, { method: 'POST', headers, body });
    say(`  ← ${response.status} ${await response.text()}`);
    if (!response.ok) throw new Error('The service did not take the webhook.');
    const mail = await relay.waitForMail(1, MAIL_WITHIN_MS).catch(() => {
      throw new Error(`No mail came within ${MAIL_WITHIN_MS / 1000} s.`);
    });
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    say(`  ${green('✓')} a mail at the relay, ${seconds} s after the webhook was sent`);
    say('', bold('The mail, as the relay received it'), '', ...(await showMail(mail)));
  }

  function showPlaces(): void {
    const places = {
      Inbox: relay.inboxUrl,
      'Temporal run': `${runUrl()}/history`,
      '… in words': `${runUrl()}/user-metadata`,
      'Webhook (POST)': webhookUrl,
      Health: `${apiUrl}/healthz`,
      Readiness: `${apiUrl}/readyz`,
    };
    say('', bold('Where to look'), '');
    say(...Object.entries(places).map(([name, url]) => `  ${name.padEnd(16)}${url}`));
  }

  /** The answer does not name the run; the log line does. */
  function runUrl(): string {
    const accepted = api.lines.find(({ event }) => event.endsWith('.accepted'));
    const [workflow, run] = [accepted?.workflow_id, accepted?.run_id].map((id) =>
      encodeURIComponent(String(id)),
    );
    return `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${workflow}/${run}`;
  }

  function offerAnother(): void {
    say('', bold(`Send another one, for ${inWords(SECOND)}`), '');
    say(curlCommand(webhookUrl, addUpload(SECOND)), '');
    say(quiet("  With -H 'Prefer: wait=10' the answer comes when the mail is sent."));
    say(
      quiet('  The same webhook again is answered with duplicate_or_not_recorded: no second mail.'),
    );
  }

  /** Tells of each mail that comes after the first. */
  async function watchInbox(): Promise<never> {
    for (let nth = 2; ; nth++) {
      const mail = await relay.waitForMail(nth, FOR_EVER_MS);
      const { subject, queueId } = await readMail(mail);
      say(
        `  ${green('✓')} ${subject.replace(/\p{C}/gu, '')}  ${quiet(`${relay.inboxUrl}mails/${queueId}`)}`,
      );
    }
  }

  return { sendFirst, showPlaces, offerAnother, watchInbox };
}

function inWords({ filename, total, invalid }: Upload): string {
  return `${filename} (${total} addresses, ${invalid} of them invalid)`;
}
