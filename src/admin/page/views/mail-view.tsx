import { HostileText } from '../parts/hostile-text';
import { Layout } from '../parts/layout';
import { Mail } from '../parts/mail';
import type { MailPreview } from '../../../operator/preview-mail';
import type { Session } from '../sessions';

interface MailProps {
  session: Session;
  /** Undefined: what it says is not known. */
  mail?: MailPreview;
  backPath: string;
}

/** The mail of a notification, as a resend would send it now. */
export function MailView({ session, mail, backPath }: MailProps) {
  return (
    <Layout title="The mail" session={session}>
      <h1>{mail ? <HostileText text={mail.subject} /> : 'The mail is not known'}</h1>
      {mail ? (
        <Mail mail={mail} />
      ) : (
        <p>
          Either no mail of this notification was attempted, so that the ledger does not know the
          file, or this process does not know the templates.
        </p>
      )}
      <p>
        <a href={backPath}>Back to the notification</a>
      </p>
    </Layout>
  );
}
