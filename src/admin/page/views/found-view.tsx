import type { Shown, WatchDetail } from '../../../operator/search';
import { HostileText } from '../parts/hostile-text';
import { Instant } from '../parts/instant';
import { Layout } from '../parts/layout';
import { NotificationTable } from '../parts/notification-table';
import { UserLink } from '../parts/user-link';
import type { Session } from '../sessions';

interface FoundProps {
  session: Session;
  shown: Exclude<Shown, { found: 'notification' }>;
  query?: string;
  now: Date;
}

/** What a search found, if that is not one notification: several, or only watched uploads, or nothing. */
export function FoundView({ session, shown, query, now }: FoundProps) {
  const title = shown.found === 'several' ? 'Found' : 'Not found';
  return (
    <Layout title={title} session={session} query={query}>
      <h1>{title}</h1>
      {shown.missing?.map((text) => (
        <p class="fault" role="status">
          {text}
        </p>
      ))}
      <p class="sentence">
        <HostileText text={shown.sentence} />
      </p>
      {shown.found === 'several' && shown.notifications.length > 0 && (
        <NotificationTable caption="Found" notifications={shown.notifications} now={now} />
      )}
      {shown.found === 'several' && <More userIds={shown.usersWithMore} />}
      <Watches watches={shown.watches} now={now} />
    </Layout>
  );
}

/** The newest stand above: the list of a user pages through the rest. */
function More({ userIds }: { userIds: string[] }) {
  if (userIds.length === 0) return null;
  return (
    <nav class="pages" aria-label="More">
      {userIds.map((userId) => (
        <span>
          Only the newest of user <UserLink userId={userId} /> are shown: the link lists all.
        </span>
      ))}
    </nav>
  );
}

function Watches({ watches, now }: { watches: WatchDetail[]; now: Date }) {
  if (watches.length === 0) return null;
  return (
    <section class="card watches" aria-labelledby="watches">
      <h2 id="watches">Watched uploads</h2>
      <ul>
        {watches.map(({ taskId, sentence, startedAt, runUrl }) => (
          <li>
            <code class="whole">{taskId}</code>: {sentence} Watched since{' '}
            <Instant at={startedAt} now={now} />.{' '}
            {runUrl && (
              <a href={runUrl} rel="noreferrer">
                Run in the Temporal UI
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
