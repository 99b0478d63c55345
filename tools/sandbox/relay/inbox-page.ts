import { html, type Html } from './html';

/** Nothing runs and nothing comes from elsewhere, whatever a mail holds. */
export const INBOX_CSP = [
  "default-src 'none'",
  "style-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The frame of every page; `refreshSeconds` reloads it without JavaScript. */
export function inboxPage(title: string, body: Html, refreshSeconds?: number): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        ${refreshSeconds ? html`<meta http-equiv="refresh" content="${refreshSeconds}" />` : ''}
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <link rel="stylesheet" href="/inbox.css" />
      </head>
      <body>
        <div class="page">${body}</div>
      </body>
    </html> `.markup;
}
