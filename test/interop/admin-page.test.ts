import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { listenHttp } from '../../tools/sandbox/network/listen-http';
import { type AdminPage, startAdminPage } from '../support/admin-page';
import { ADMIN_TOKEN } from '../support/planted-values';
import { createMemoryOperator } from '../support/memory-operator';
import { openPage, startChromium } from './support/chromium';
import { notifications, pathOf } from './support/notifications';

let browser: Browser;
let operator: ReturnType<typeof createMemoryOperator>;
let service: AdminPage;
let closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  browser = await startChromium();
});

beforeEach(async () => {
  operator = createMemoryOperator({ notifications });
  service = await startAdminPage(operator.deps);
});

afterEach(async () => {
  for (const close of closing) await close();
  closing = [];
  await service.close();
});

afterAll(() => browser?.close());

/** A browser that may be without scripts, narrow or dark, on the login page. */
async function open(options: BrowserContextOptions = {}, path = '/') {
  const opened = await openPage(browser, options);
  closing.push(opened.close);
  await opened.page.goto(`${service.base}${path}`);
  await opened.page.getByLabel('Admin token').waitFor();
  return opened;
}

async function logIn(page: Page) {
  await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Log out' }).waitFor();
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

describe.each([
  ['without JavaScript', { javaScriptEnabled: false }],
  ['with JavaScript', {}],
])('support %s', (_how, options) => {
  it('logs in, comes to the page that was asked for, and logs out', async () => {
    const { page } = await open(options, pathOf(2));

    await logIn(page);

    expect(new URL(page.url()).pathname).toBe(pathOf(2));
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.goto(`${service.base}/`);
    await page.getByLabel('Admin token').waitFor();
  });

  it('finds a notification by its task ID, and sees why it is parked', async () => {
    const { page } = await open(options);
    await logIn(page);

    await page.getByRole('searchbox').fill(notifications[1]!.eventId);
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByText('Parked: the relay refused the recipient.').waitFor();

    expect(await page.getByText('Correct it, then resend.').isVisible()).toBe(true);
  });

  it('resends it with a reason, and sees what became of it', async () => {
    const { page } = await open(options, pathOf(2));
    await logIn(page);

    await page.getByLabel('Reason').fill('ticket 4711');
    await page.getByRole('button', { name: 'Resend', exact: true }).click();
    await page.getByText('Resend requested.').waitFor();
    await page.reload();

    expect(operator.resent).toMatchObject([{ reason: 'ticket 4711', unlessSent: true }]);
  });

  it('resends all that match a filter: dry run, confirmation, progress, cancel', async () => {
    const { page } = await open(options, '/?state=parked');
    await logIn(page);

    await page.getByRole('link', { name: 'Resend all that match' }).click();
    await page.getByText('Dry run: nothing has been sent').waitFor();
    await page.getByLabel('Reason').fill('relay mended');
    await page.getByLabel(/yes, resend them/).check();
    await page.getByRole('button', { name: 'Start the bulk resend' }).click();
    await page.getByText('This page asks again every five seconds.').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('cancelled').waitFor();

    expect(operator.bulk.started).toMatchObject([{ reason: 'relay mended' }]);
  });

  it('is still logged in after a click on a link in a ticket', async () => {
    const { page } = await open(options);
    await logIn(page);
    const link = `<a href="${service.base}${pathOf(3)}">the notification</a>`;
    const ticket = await listenHttp((_request, response) => {
      response.setHeader('Content-Type', 'text/html').end(link);
    });
    closing.push(() => ticket.close());

    await page.goto(`http://localhost:${ticket.port}/`);
    await page.getByRole('link').click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();

    expect(await heading(page)).toBe('waiting.csv');
  });
});

describe('hostile file names', () => {
  it('are text that runs nothing, asks nobody and turns nothing around', async () => {
    const { page, complaints, hosts } = await open();
    await logIn(page);

    await page.goto(`${service.base}${pathOf(1)}`);

    expect(await heading(page)).toBe(
      '"><img src=//evil.example onerror=alert(1)>U+202Egpj.exeU+2066 <b>bold</b>.csv',
    );
    expect(await page.locator('img').count()).toBe(0);
    expect([...hosts]).toEqual([new URL(service.base).host]);
    // The answer without a session is the only one that a browser mentions.
    expect(complaints.filter((text) => !text.includes('401'))).toEqual([]);
  });
});

describe('without a mouse', () => {
  it('logs in, skips to the content and opens a notification', async () => {
    const { page } = await open();
    const press = async (key: string, times = 1) => {
      for (let i = 0; i < times; i += 1) await page.keyboard.press(key);
    };

    await page.getByLabel('Admin token').focus();
    await page.keyboard.type(ADMIN_TOKEN);
    await press('Enter');
    await page.getByRole('button', { name: 'Log out' }).waitFor();
    await press('Tab');
    const skip = await page.evaluate(() => document.activeElement?.textContent);
    await press('Enter');
    await page.getByRole('link', { name: 'parked.csv' }).focus();
    await press('Enter');
    await page.getByText('Parked: the relay refused the recipient.').waitFor();

    expect(skip?.trim()).toBe('Skip to content');
  });
});
