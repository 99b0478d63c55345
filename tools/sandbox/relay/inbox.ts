import Router from '@koa/router';
import Koa from 'koa';
import { inboxList } from './inbox-list';
import { inboxMessage } from './inbox-message';
import { INBOX_CSP } from './inbox-page';
import { inboxStyle } from './inbox-style';
import { listenHttp, type Listener } from '../network/listen-http';
import type { ReceivedMail } from './mailbox';
import { readMail } from './read-mail';

/** A page of ten thousand mails, as after a benchmark, would be useless. */
const SHOWN = 200;

/** Shows what the relay received: pages for a browser, JSON for scripts. */
export function startInbox(received: readonly ReceivedMail[], port?: number): Promise<Listener> {
  const newest = () => Promise.all(received.slice(-SHOWN).reverse().map(readMail));
  const find = (queueId?: string) => received.find((mail) => mail.queueId === queueId);

  const router = new Router();

  router.get('/', async (ctx) => {
    ctx.type = 'html';
    ctx.body = inboxList(await newest(), received.length);
  });

  router.get('/inbox.css', (ctx) => {
    ctx.type = 'css';
    ctx.body = inboxStyle;
  });

  router.get('/mails/:queueId', async (ctx) => {
    const mail = find(ctx.params.queueId);
    if (!mail) return;
    ctx.type = 'html';
    ctx.body = inboxMessage(await readMail(mail));
  });

  router.get('/mails/:queueId/raw', (ctx) => {
    const mail = find(ctx.params.queueId);
    if (!mail) return;
    // Shown, not downloaded; the browser must not guess another type from the bytes.
    ctx.type = 'text/plain; charset=utf-8';
    ctx.body = mail.raw;
  });

  router.get('/api/messages', async (ctx) => {
    const mails = await newest();
    ctx.body = {
      total: received.length,
      messages: mails.map(({ raw, ...mail }) => ({ ...mail, size: raw.length })),
    };
  });

  const app = new Koa();
  app.use(async (ctx, next) => {
    ctx.set('Content-Security-Policy', INBOX_CSP);
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.set('Referrer-Policy', 'no-referrer');
    ctx.set('Cache-Control', 'no-store');
    await next();
  });
  app.use(router.routes());
  return listenHttp(app.callback(), port);
}
