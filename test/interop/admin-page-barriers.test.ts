import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { type AdminPage, startAdminPage } from '../support/admin-page';
import { ADMIN_TOKEN } from '../support/planted-values';
import { createMemoryOperator } from '../support/memory-operator';
import { barriersOf, openPage, startChromium } from './support/chromium';
import { notifications, pathOf } from './support/notifications';

const BULK = { requestId: 'r', filter: { state: 'parked' as const }, ratePerSecond: 5 };

let browser: Browser;
let service: AdminPage;
let bulkPath: string;

beforeAll(async () => {
  const { deps } = createMemoryOperator({ notifications });
  const { bulkId } = await deps.bulks.start({ ...BULK, includeSent: false });
  bulkPath = bulkId.replace('bulk_resend:', '/bulk-resends/');
  service = await startAdminPage(deps);
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await service?.close();
});

describe.each<[string, BrowserContextOptions]>([
  ['light', { colorScheme: 'light' }],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 360, height: 740 } }],
])('the page, %s', (_how, options) => {
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    ({ page, close } = await openPage(browser, options));
  });

  afterAll(() => close());

  it('has no barrier that axe finds in its login', async () => {
    await page.goto(service.base);
    await page.getByLabel('Admin token').waitFor();

    expect(await barriersOf(page)).toEqual([]);

    await page.getByLabel('Admin token').fill(ADMIN_TOKEN);
    await page.getByRole('button', { name: 'Log in' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  });

  it.each([
    ['the list', () => '/'],
    ['a list whose filter has a fault', () => '/?state=lost'],
    ['an empty list', () => '/?file=nothing'],
    ['a hostile file name', () => pathOf(1)],
    ['a notification that is parked', () => pathOf(2)],
    ['a notification that waits', () => pathOf(3)],
    ['a notification that is not known', () => pathOf(9)],
    ['a search in vain', () => '/search?q=nobody'],
    ['a mail', () => `${pathOf(1)}/mail`],
    ['the mail preview', () => '/previews'],
    ['a dry run', () => '/bulk-resends/new?state=parked'],
    ['the bulk resends', () => '/bulk-resends'],
    // Without its own reload, under the hands of axe.
    ['a bulk resend', () => `${bulkPath}?refresh=off`],
  ])('has none in %s, which fits the window', async (_what, path) => {
    await page.goto(`${service.base}${path()}`);

    const isTooWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(await page.getByRole('button', { name: 'Log out' }).count()).toBe(1);
    expect(await barriersOf(page)).toEqual([]);
    expect(isTooWide).toBe(false);
  });
});
