import { setTimeout as sleep } from 'node:timers/promises';
import { addUser } from '../postgres/add-user';
import { curlUpload } from './demo-curl-upload';
import type { DemoFile } from './demo-file';
import { showFirstMail } from './demo-first-mail';
import type { DemoParts } from './demo-parts';
import type { DemoChapter } from './demo-story';
import type { Provider } from '../provider/provider';
import type { ProviderDelivery, WebhookAttempt } from '../provider/provider-webhooks';
import { serviceUrls } from '../service/service-urls';
import { terminal } from './terminal';
import { userToken } from '../service/user-token';

const WEBHOOK_WITHIN_MS = 60_000;

const { bold, quiet, say } = terminal;

/** One upload that the provider takes, works on and reports, and that becomes one mail. */
export function createUploadChapter(parts: DemoParts, file: DemoFile): DemoChapter {
  const { postgres, relay, provider, api, owner, jwtSecret } = parts;
  const { userId, email } = owner;
  const { upload: uploadUrl } = serviceUrls(api.port);
  const token = userToken(userId, email, jwtSecret);

  async function play(): Promise<void> {
    await addUser(postgres.url, { userId, profileEmail: email });
    const began = performance.now();
    await upload();
    await showWebhook();
    await showFirstMail(relay, began, 'the upload began');
  }

  async function upload(): Promise<void> {
    const metadata = JSON.stringify([file.metadata]);
    const form = new FormData();
    form.set('file_metadata', metadata);
    form.set('files', new Blob([new Uint8Array(file.content)]), file.name);
    const authorization = `Bearer ${await token}`;
    say('', bold(`${email} uploads ${printable(file.name)}`), '');
    say(
      `  → POST ${uploadUrl}`,
      quiet(`    Authorization: ${authorization.slice(0, 40)}…`),
      quiet(`    file_metadata: ${printable(metadata)}`),
    );
    const response = await fetch(uploadUrl, {
      method: 'POST',
      headers: { Authorization: authorization },
      body: form,
    });
    say(`  ← ${response.status} ${printable(await response.text())}`);
    if (!response.ok || !provider.uploads[0]) throw new Error('The file was not taken.');
  }

  async function showWebhook(): Promise<void> {
    say('', bold('BoltRoute verifies the addresses, and tells the service so'), '');
    const { url, attempts, ended } = await delivered(provider);
    attempts.forEach((attempt) => say(...inWords(url, attempt)));
    if (ended !== 'acknowledged') throw new Error('The service did not take the webhook.');
  }

  async function offerAnother(): Promise<void> {
    say('', bold('Upload it again: another task, another mail'), '');
    say(curlUpload(uploadUrl, await token, file), '');
    say(
      quiet(
        '  Several files in one request: an entry in file_metadata and a --form files= for each.',
      ),
    );
  }

  return { play, offerAnother };
}

async function delivered({ deliveries }: Provider): Promise<ProviderDelivery> {
  const deadline = performance.now() + WEBHOOK_WITHIN_MS;
  while (performance.now() < deadline) {
    if (deliveries[0]?.ended) return deliveries[0];
    await sleep(20);
  }
  throw new Error(`No webhook came through within ${WEBHOOK_WITHIN_MS / 1000} s.`);
}

function inWords(url: string, attempt: WebhookAttempt): string[] {
  const { answer, signature } = attempt;
  const body = 'body' in attempt ? printable(attempt.body) : '';
  return [
    `  → POST ${url}`,
    quiet(`    X-Webhook-Signature: ${signature}`),
    `  ← ${answer} ${body}`.trimEnd(),
  ];
}

/** Nothing in a file's name or in an answer may steer the terminal. */
const printable = (text: string) => text.replace(/\p{C}/gu, '');
