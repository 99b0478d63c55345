import type { ObservedAttempt, Observations, ObservedUpload } from './observations';

/** A mail that should have been sent: a notification (resend 0) or a resend of it. */
export interface ExpectedMail {
  upload: ObservedUpload;
  resend: number;
  /** Attempts with this verdict in the ledger. */
  accepted: number;
  ambiguous: number;
  /** Messages of it at the relay. */
  mails: number;
  /** Requests for this resend. */
  requests: number;
}

export type Fate =
  | 'mailed'
  | 'assumed sent'
  | 'parked: recipient_missing'
  | 'parked: refused'
  | 'parked: uncertain'
  | 'lost';

/** One mail for each accepted upload, and one for each resend that was requested. */
export function expectedMailsOf(observations: Observations): ExpectedMail[] {
  const attempts = groupBy(observations.attempts, ({ eventId }) => eventId);
  const resends = groupBy(observations.resends, ({ eventId }) => eventId);
  const mails = groupBy(observations.taken, ({ messageId }) => messageId);

  return observations.uploads
    .filter(({ accepted }) => accepted)
    .flatMap((upload) => {
      const requested = (resends.get(upload.eventId) ?? []).map(({ resend }) => resend);
      return [...new Set([0, ...requested])].map((resend): ExpectedMail => {
        const made = (attempts.get(upload.eventId) ?? []).filter((it) => it.resend === resend);
        const messageIds = new Set(made.map(({ messageId }) => messageId));
        return {
          ...{ upload, resend },
          accepted: count(made, 'accepted'),
          ambiguous: count(made, 'ambiguous'),
          mails: [...messageIds].flatMap((id) => mails.get(id) ?? []).length,
          requests: requested.filter((it) => it === resend).length,
        };
      });
    });
}

/** A mail may be missing only for a reason that the plan caused and the ledger recorded. */
export function fateOf(mail: ExpectedMail, observations: Observations): Fate {
  const { upload, accepted, ambiguous } = mail;
  const event = observations.events.find(({ id }) => id === upload.eventId);
  if (accepted > 0) return mail.mails > 0 ? 'mailed' : 'lost';
  const isSettledAsSent = event !== undefined && event.sentCount > mail.resend;
  if (isSettledAsSent) {
    return observations.policy === 'assume_sent' && ambiguous > 0 ? 'assumed sent' : 'lost';
  }
  if (event?.state !== 'parked' || event.sentCount !== mail.resend) return 'lost';
  const isRefused = observations.refusals.some(({ to }) => to === upload.address);
  switch (event.reason) {
    case 'recipient_missing':
      return upload.address === undefined ? 'parked: recipient_missing' : 'lost';
    case 'refused':
      return isRefused ? 'parked: refused' : 'lost';
    case 'uncertain': {
      const isExpected = observations.policy === 'park' || isRefused;
      return isExpected && ambiguous > 0 ? 'parked: uncertain' : 'lost';
    }
    default:
      return 'lost';
  }
}

const count = (attempts: ObservedAttempt[], state: string) =>
  attempts.filter((attempt) => attempt.state === state).length;

export function groupBy<T>(entries: T[], keyOf: (entry: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group) group.push(entry);
    else groups.set(keyOf(entry), [entry]);
  }
  return groups;
}
