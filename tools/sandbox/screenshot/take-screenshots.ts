import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createDemoParts, type DemoParts } from '../demo/demo-parts';
import { addUser } from '../postgres/add-user';
import { findBrowser } from '../process/find-browser';
import { signedWebhook } from '../provider/signed-webhook';
import { serviceUrls } from '../service/service-urls';
import { startTemporal } from '../temporal/temporal';
import { takePagePictures } from './page-pictures';

const IMAGES = join(process.cwd(), 'docs', 'images');
const VIEWPORT = { width: 1440, height: 720 };
/** Without the UI's menus. */
const CLIP = { x: 64, y: 104, width: 1376, height: 616 };
const ACCEPTED = 'bulk_upload_notification.accepted';

/**
 * Takes the documentation's pictures: of the Temporal UI, a run that waits for a relay that is down;
 * then of the page for support.
 */
async function main(): Promise<void> {
  const parts = createDemoParts(new AbortController().signal, startTemporal);
  let browser: Browser | undefined;
  try {
    const all = await parts.start();
    browser = await chromium.launch({
      executablePath: findBrowser(process.env),
      args: ['--no-sandbox'],
    });
    const page = await browser.newPage({ viewport: VIEWPORT });
    await mkdir(IMAGES, { recursive: true });
    await all.relay.stop();
    const run = await notify(all, 'customers-2026.csv');
    await takePicture(page, `${run}/pending-activities`, 'Last Failure', 'pending-activity.png');
    await takePicture(page, `${run}/user-metadata`, 'Current Details', 'run.png');
    await all.relay.start();
    await takePagePictures(browser, all, 1, async (support, name) => {
      await support.screenshot({ path: join(IMAGES, name) });
    });
  } finally {
    await browser?.close();
    await parts.close();
  }
}

/** Sends the webhook of an upload; the URL of its run in the Temporal UI. */
async function notify(parts: DemoParts, filename: string): Promise<string> {
  const { postgres, provider, api, owner, temporal, webhookSecret: secret } = parts;
  const { userId, email } = owner;
  await addUser(postgres.url, { userId, profileEmail: email });
  const { id: taskId } = provider.addTask({ user_id: userId, file: { filename, email_count: 12 } });
  const { body, headers } = signedWebhook({ taskId, userId, total: 12, secret });
  await fetch(serviceUrls(api.port).webhook, { method: 'POST', headers, body: body.toString() });
  const accepted = api.lines.find(({ event }) => event === ACCEPTED);
  const [workflow, run] = [accepted?.workflow_id, accepted?.run_id].map((id) =>
    encodeURIComponent(String(id)),
  );
  return `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${workflow}/${run}`;
}

async function takePicture(page: Page, url: string, shows: string, name: string): Promise<void> {
  await page.goto(url);
  await page.getByText(shows).first().waitFor();
  await page.waitForTimeout(3_000);
  // The UI makes the frame of the details too low for their last line.
  await page.addStyleTag({ content: 'iframe { min-height: 150px }' });
  await page.screenshot({ path: join(IMAGES, name), clip: CLIP });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
