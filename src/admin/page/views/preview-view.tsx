import type { Outcome } from '../../../../workflows/core/outcome';
import { Layout } from '../parts/layout';
import { Mail } from '../parts/mail';
import type { MailPreview } from '../../../operator/preview-mail';
import type { Session } from '../sessions';

interface PreviewProps {
  session: Session;
  fileName: string;
  emailCount: number;
  mails: MailPreview[];
}

const TITLES: Record<Outcome, string> = {
  completed: 'After an upload that was completed',
  failed: 'After an upload that failed',
};

/** Both mails for a file, exactly as they would be sent. */
export function PreviewView({ session, fileName, emailCount, mails }: PreviewProps) {
  return (
    <Layout title="Mail preview" session={session} section="/previews">
      <h1>Mail preview</h1>
      <form class="filter" method="get" action="/previews" aria-label="File">
        <p>
          <label for="file">File name</label>
          <input id="file" name="file" value={fileName} required autocomplete="off" />
        </p>
        <p>
          <label for="count">Addresses in the file</label>
          <input id="count" name="count" type="number" min={0} value={emailCount} required />
        </p>
        <div class="buttons">
          <button>Show</button>
        </div>
      </form>
      <div class="mails">
        {mails.map((mail) => (
          <section aria-labelledby={mail.outcome}>
            <h2 id={mail.outcome}>{TITLES[mail.outcome]}</h2>
            <Mail mail={mail} />
          </section>
        ))}
      </div>
    </Layout>
  );
}
