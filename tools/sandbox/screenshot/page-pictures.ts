import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import type { DemoParts } from '../demo/demo-parts';
import { addUser } from '../postgres/add-user';
import { signedWebhook } from '../provider/signed-webhook';
import { serviceUrls } from '../service/service-urls';
import { until } from '../until';

const VIEWPORT = { width: 1320, height: 860 };
/** The first attempt after an outage of the relay comes within a minute. */
const WITHIN_MS = 120_000;

/** Without a mail that was attempted, the ledger has no file name. */
const PARKED_ROW = 'td .badge.parked';

interface Upload {
  filename: string;
  count: number;
  failed?: number;
  /** Without an address the notification is parked. */
  isReachable?: boolean;
}

const SENT: Upload[] = [
  { filename: 'newsletter-march.csv', count: 18_204 },
  { filename: 'Kundenliste Süd.xlsx', count: 642 },
  { filename: 'leads-q1.csv', count: 3_120, failed: 12 },
  { filename: 'webinar-attendees.txt', count: 289 },
];
const PARKED: Upload[] = [
  { filename: 'partners.csv', count: 75, isReachable: false },
  { filename: 'crm-export-2026-02.xlsx', count: 9_870, isReachable: false },
  { filename: 'trial-users.csv', count: 1_433, isReachable: false },
];
const WAITING: Upload[] = [
  { filename: 'customers-emea.csv', count: 1_200 },
  { filename: 'invoice\u202Evsc.exe.csv', count: 8 },
];

/**
 * Takes the pictures of the page for support: notifications that were sent, are parked, and wait. The
 * relay must be up; `waiting` older mails are sent besides.
 */
export async function takePagePictures(
  browser: Browser,
  parts: DemoParts,
  waiting: number,
  save: (page: Page, name: string) => Promise<void>,
): Promise<void> {
  const parked = await notifyOwners(parts, PARKED);
  await notifyOwners(parts, SENT);
  const page = await browser.newPage({ viewport: VIEWPORT });
  await logIn(page, parts);
  await shows(page, '/?state=sent', 'td .badge.sent', SENT.length + waiting);
  await parts.relay.stop();
  await notifyOwners(parts, WAITING);
  await shows(page, '/?state=parked', PARKED_ROW, PARKED.length);
  await shows(page, '/?state=waiting', 'text=customers-emea.csv');
  await shows(page, '/', PARKED_ROW);
  await save(page, 'page-list.png');

  await page.getByRole('link', { name: 'customers-emea.csv' }).click();
  await save(page, 'page-notification.png');

  await parts.relay.start();
  await addUser(parts.postgres.url, ...parked);
  await startBulkResend(page);
  await save(page, 'page-bulk-resend.png');
  await page.close();
}

async function logIn(page: Page, { api, adminToken }: DemoParts): Promise<void> {
  await page.goto(`http://127.0.0.1:${api.adminPort}/`);
  await page.getByLabel('Admin token').fill(adminToken);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

/** Loads the page until it has so many of what the selector selects. */
async function shows(page: Page, path: string, selector: string, count = 1): Promise<void> {
  const url = new URL(path, page.url()).href;
  await until(
    `${path} shows ${selector}`,
    async () => {
      await page.goto(url);
      return (await page.locator(selector).count()) >= count;
    },
    { timeoutMs: WITHIN_MS },
  );
}

async function startBulkResend(page: Page): Promise<void> {
  await shows(page, '/?state=parked&reason=recipient_missing', PARKED_ROW, PARKED.length);
  await page.getByRole('link', { name: 'Resend all that match' }).click();
  await page.getByLabel('Your name').fill('Jane');
  await page.getByLabel('Reason').fill('profiles were repaired, ticket 4711');
  await page.getByLabel(/yes, resend them/).check();
  await page.getByRole('button', { name: 'Start the bulk resend' }).click();
  await shows(page, page.url(), 'text=3 are sent');
}

/** Uploads by one user each, with their webhooks; returns users as they are once reachable. */
async function notifyOwners(parts: DemoParts, uploads: Upload[]) {
  const { postgres, provider, api, webhookSecret: secret } = parts;
  const users: { userId: string; profileEmail: string }[] = [];
  for (const { filename, count, failed = 0, isReachable = true } of uploads) {
    const user = { userId: randomUUID(), profileEmail: `${randomUUID()}@northwind.example` };
    users.push(user);
    if (isReachable) await addUser(postgres.url, user);
    const status = failed > 0 ? ('failed' as const) : ('completed' as const);
    const file = { filename, email_count: count, status };
    const { id: taskId } = provider.addTask({ user_id: user.userId, file });
    const signed = signedWebhook({ taskId, userId: user.userId, total: 20, failed, secret });
    const { body, headers } = signed;
    await fetch(serviceUrls(api.port).webhook, { method: 'POST', headers, body });
  }
  return users;
}
