import { addUser } from '../postgres/add-user';
import { curlCommand } from './demo-curl';
import { showFirstMail } from './demo-first-mail';
import type { DemoParts } from './demo-parts';
import type { DemoChapter } from './demo-story';
import { type SignedWebhook, signedWebhook } from '../provider/signed-webhook';
import { serviceUrls } from '../service/service-urls';
import { terminal } from './terminal';

interface Upload {
  filename: string;
  total: number;
  invalid: number;
}

const FIRST: Upload = { filename: 'customers-2026.csv', total: 12, invalid: 2 };
const SECOND: Upload = { filename: 'newsletter-spring.xlsx', total: 40, invalid: 3 };

const { bold, quiet, say } = terminal;

/** One webhook that becomes one mail. */
export function createWebhookChapter(parts: DemoParts): DemoChapter {
  const { postgres, relay, provider, api, owner, webhookSecret } = parts;
  const { userId, email } = owner;
  const { webhook: webhookUrl } = serviceUrls(api.port);

  /** The provider knows the task; its webhook is signed, not sent. */
  function addUpload({ filename, total, invalid }: Upload): SignedWebhook {
    const file = { filename, email_count: total };
    const { id: taskId } = provider.addTask({ user_id: userId, file });
    return signedWebhook({ taskId, userId, total, invalid, secret: webhookSecret });
  }

  async function play(): Promise<void> {
    await addUser(postgres.url, { userId, profileEmail: email });
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
    await showFirstMail(relay, began, 'the webhook was sent');
  }

  function offerAnother(): void {
    say('', bold(`Send another one, for ${inWords(SECOND)}`), '');
    say(curlCommand(webhookUrl, addUpload(SECOND)), '');
    say(quiet("  With -H 'Prefer: wait=10' the answer comes when the mail is sent."));
    say(
      quiet('  The same webhook again is answered with duplicate_or_not_recorded: no second mail.'),
    );
  }

  return { play, offerAnother };
}

function inWords({ filename, total, invalid }: Upload): string {
  return `${filename} (${total} addresses, ${invalid} of them invalid)`;
}
