import type { Attempt, Resend } from '../../../operator/ledger-reader';
import type { TimelineEvent } from '../timeline';
import { Fact, Facts } from './facts';
import { HostileText } from './hostile-text';
import { Instant } from './instant';

/** What happened, the oldest first, and what comes next. */
export function Timeline({ events, now }: { events: TimelineEvent[]; now: Date }) {
  return (
    <ol class="timeline">
      {events.map((event) => (
        <li class={Date.parse(event.at) > now.getTime() ? 'ahead' : undefined}>
          <p class="when">
            <Instant at={event.at} now={now} />
          </p>
          <div class="what">
            <What event={event} />
          </div>
        </li>
      ))}
    </ol>
  );
}

const STARTS = {
  webhook: 'The webhook came',
  watch: 'The watch of the upload started it: its webhook had not come',
  resend: 'A request to resend started it',
  hand_over: 'It was handed over by the notification of the other outcome',
};

function What({ event }: { event: TimelineEvent }) {
  switch (event.kind) {
    case 'started':
      return <h3>{STARTS[event.by]}</h3>;
    case 'attempt':
      return <AttemptEvent attempt={event.attempt} number={event.number} />;
    case 'resend':
      return <ResendEvent resend={event.resend} />;
    case 'next_attempt':
      return <h3>Next attempt{event.wait.attempt ? `, number ${event.wait.attempt}` : ''}</h3>;
    case 'gives_up':
      return <h3>If nothing answers by then, it is parked</h3>;
  }
}

const VERDICTS: Record<Attempt['verdict'], string> = {
  sending: 'under way',
  accepted: 'accepted by the relay',
  refused: 'refused by the relay',
  deferred: 'put off: it is tried again',
  ambiguous: 'ambiguous: the reply was lost',
};

function AttemptEvent({ attempt, number }: { attempt: Attempt; number: number }) {
  const { verdict, resend, recipient, messageId, claimedAt, settledAt, reply } = attempt;
  return (
    <>
      <h3>
        Attempt {number}
        {resend > 0 && ` (resend ${resend})`}{' '}
        <span class={`badge ${verdict}`}>{VERDICTS[verdict]}</span>
      </h3>
      {reply && (
        <blockquote class="reply" aria-label="Reply of the relay">
          <HostileText text={reply} />
        </blockquote>
      )}
      <Facts>
        <Fact name="To">{recipient ? <HostileText text={recipient} /> : 'forgotten'}</Fact>
        <Fact name="Took">{settledAt ? seconds(claimedAt, settledAt) : undefined}</Fact>
        <Fact name="Message-ID">
          <code class="whole">
            <HostileText text={messageId} />
          </code>
        </Fact>
      </Facts>
    </>
  );
}

function ResendEvent({ resend }: { resend: Resend }) {
  const { requestedBy, reason, requestId, result } = resend;
  return (
    <>
      <h3>
        {resend.resend > 0 ? `Resend ${resend.resend}` : 'The mail'} was requested{' '}
        <span class={`badge ${result}`}>{result}</span>
      </h3>
      <Facts>
        <Fact name="By">{requestedBy && <HostileText text={requestedBy} />}</Fact>
        <Fact name="Reason">{reason && <HostileText text={reason} />}</Fact>
        <Fact name="Request">
          <code class="whole">
            <HostileText text={requestId} />
          </code>
        </Fact>
      </Facts>
    </>
  );
}

const seconds = (from: string, to: string) =>
  `${((Date.parse(to) - Date.parse(from)) / 1_000).toFixed(1)} s`;
