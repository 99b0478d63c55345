import { Layout } from '../parts/layout';
import type { Session } from '../sessions';

interface MessageProps {
  session?: Session;
  title: string;
  text?: string;
}

/** A refusal or an outage. */
export function MessageView({ session, title, text }: MessageProps) {
  return (
    <Layout title={title} session={session}>
      <h1>{title}</h1>
      {text && <p>{text}</p>}
      <p>
        <a href="/">Back to the notifications</a>
      </p>
    </Layout>
  );
}
