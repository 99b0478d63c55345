import type { NotificationDetail } from '../../../operator/search';
import { parseWorkflowId } from '../../../../workflows/core/workflow-id';
import { HIDDEN_CHARACTERS } from '../../../parse/hidden-characters';
import { Fact, Facts } from '../parts/facts';
import { HostileText } from '../parts/hostile-text';
import { Instant } from '../parts/instant';
import { Layout } from '../parts/layout';
import { notificationPath } from '../parts/notification-path';
import { ResendForm } from '../parts/resend-form';
import { RevealForm } from '../parts/reveal-form';
import { StateBadge } from '../parts/state-badge';
import { Timeline } from '../parts/timeline';
import type { Session } from '../sessions';
import { timelineOf } from '../timeline';

export interface NotificationProps {
  session: Session;
  notification: NotificationDetail;
  /** What could not be asked. */
  missing: string[];
  /** What became of a request that was made here. */
  requested?: { sentence: string; isSettled: boolean; reloadPath: string };
  /** Whether addresses are shown as they are. */
  isRevealed: boolean;
  now: Date;
}

/** All that is known of one notification: what is the case, what to do, what happened. */
export function NotificationView(props: NotificationProps) {
  const { session, notification, missing, requested, isRevealed, now } = props;
  const { fileName, state, reason, wait } = notification;
  const title = fileName === undefined ? 'Notification without a file name' : fileName;
  return (
    <Layout title={plain(title)} session={session}>
      <h1>
        <HostileText text={title} />
      </h1>
      {missing.map((text) => (
        <p class="fault" role="status">
          {text}
        </p>
      ))}
      {requested && <Requested {...requested} />}
      <section class="card lead" aria-labelledby="now">
        <h2 id="now" class="hidden">
          Where it is
        </h2>
        <p>
          <StateBadge state={state} reason={reason} />
        </p>
        <p class="sentence">
          <HostileText text={notification.sentence} />
        </p>
        {wait?.failure && !notification.sentence.includes(wait.failure) && (
          <blockquote class="reply" aria-label="The last failure">
            <HostileText text={wait.failure} />
          </blockquote>
        )}
        {notification.remedy && (
          <p class="remedy">
            <strong>To do:</strong> {notification.remedy}
          </p>
        )}
        <HandedOver notification={notification} />
        <ResendForm session={session} notification={notification} />
      </section>
      <div class="columns">
        <section class="card" aria-labelledby="history">
          <h2 id="history">What happened (UTC)</h2>
          <Timeline events={timelineOf(notification)} now={now} />
        </section>
        <section class="card" aria-labelledby="facts">
          <h2 id="facts">Facts</h2>
          <NotificationFacts notification={notification} now={now} />
          <p>
            <a href={`${notificationPath(notification)}/mail`}>Show the mail</a>
          </p>
          {notification.runUrl && (
            <p>
              <a href={notification.runUrl} rel="noreferrer">
                Run in the Temporal UI
              </a>
            </p>
          )}
          <RevealForm session={session} notification={notification} isRevealed={isRevealed} />
        </section>
      </div>
    </Layout>
  );
}

/** A title has no markup that could isolate a name. */
const plain = (text: string) => text.replace(HIDDEN_CHARACTERS, '');

interface RequestedProps {
  sentence: string;
  isSettled: boolean;
  reloadPath: string;
}

function Requested({ sentence, isSettled, reloadPath }: RequestedProps) {
  return (
    <div class="notice" role="status">
      <p>
        <strong>Resend requested.</strong> {sentence}{' '}
        {!isSettled && <a href={reloadPath}>Look again</a>}
      </p>
    </div>
  );
}

function HandedOver({ notification: { handedOverTo } }: { notification: NotificationDetail }) {
  const other = handedOverTo === undefined ? undefined : parseWorkflowId(handedOverTo);
  if (!other) return null;
  return (
    <p>
      <a href={notificationPath(other)}>The notification that sends the mail</a>
    </p>
  );
}

function NotificationFacts({ notification, now }: { notification: NotificationDetail; now: Date }) {
  const { taskId, eventId, userId, outcome, emailCount, sentCount, runStatus } = notification;
  const { createdAt, resendableUntil, watch } = notification;
  return (
    <Facts>
      <Fact name="Upload">{outcome}</Fact>
      <Fact name="Addresses in the file">{emailCount?.toLocaleString('en')}</Fact>
      <Fact name="Mails accepted">{sentCount}</Fact>
      <Fact name="Task ID">
        <code class="whole">{taskId}</code>
      </Fact>
      <Fact name="Event ID">
        <code class="whole">{eventId}</code>
      </Fact>
      <Fact name="User ID">
        {userId && (
          <a href={`/?user=${encodeURIComponent(userId)}`}>
            <code>
              <HostileText text={userId} />
            </code>
          </a>
        )}
      </Fact>
      <Fact name="Created (UTC)">
        <Instant at={createdAt} now={now} />
      </Fact>
      <Fact name="Run in Temporal">{runStatus}</Fact>
      <Fact name="Temporal UI can resend until">
        {resendableUntil && <Instant at={resendableUntil} now={now} />}
      </Fact>
      <Fact name="Watch of the upload">{watch?.sentence}</Fact>
    </Facts>
  );
}
