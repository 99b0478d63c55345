import type { Router } from '@koa/router';
import type { Outcome } from '../../../workflows/core/outcome';
import { fileName as fileNameSchema } from '../../parse/scalars';
import type { PageDependencies } from './page-dependencies';
import { queryOf, sessionOf } from './page-state';
import { renderPage } from './render-page';
import { MessageView } from './views/message-view';
import { PreviewView } from './views/preview-view';

const EXAMPLE = { fileName: 'customers-2026.csv', emailCount: 1_200 };
const UNKNOWN =
  'This process does not know how mails look: give it SMTP_FROM_EMAIL and the templates of the ' +
  'worker, or use the command bulk-notify preview.';
const OUTCOMES: Outcome[] = ['completed', 'failed'];

/** `/previews`: both mails for a file that need not exist. */
export function addPreviews(router: Router, { previews }: PageDependencies): void {
  if (!previews) return addNotice(router);

  router.get('/previews', async (ctx) => {
    const fields = queryOf(ctx);
    const fileName = fileNameSchema.parse(fields.get('file') ?? undefined) ?? EXAMPLE.fileName;
    const emailCount = readCount(fields.get('count')) ?? EXAMPLE.emailCount;
    const mails = await Promise.all(
      OUTCOMES.map((outcome) => previews.ofContent({ outcome, fileName, emailCount })),
    );
    ctx.body = renderPage(
      <PreviewView
        session={sessionOf(ctx)}
        fileName={fileName}
        emailCount={emailCount}
        mails={mails}
      />,
    );
  });
}

/** The sender and the templates are the worker's: the API may lack them. */
function addNotice(router: Router): void {
  router.get('/previews', (ctx) => {
    ctx.body = renderPage(
      <MessageView session={sessionOf(ctx)} title="No mail preview here" text={UNKNOWN} />,
    );
  });
}

const readCount = (text: string | null): number | undefined =>
  text !== null && /^\d{1,12}$/.test(text) ? Number(text) : undefined;
