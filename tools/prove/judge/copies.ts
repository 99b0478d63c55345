import type { AttemptTruth, Truths, UploadTruth } from './truths';

/** One copy of a notification, and what is known of it. */
export interface Copy {
  upload: UploadTruth;
  copy: number;
  accepted: number;
  ambiguous: number;
  /** How many messages the relay has of it. */
  mails: number;
  /** How many requests asked for this copy. */
  requests: number;
}

export type Fate =
  | 'mailed'
  | 'taken for sent'
  | 'parked: recipient_missing'
  | 'parked: refused'
  | 'parked: uncertain'
  | 'lost';

/** What is owed: the notification of each accepted upload, and each copy that was asked for. */
export function owedCopies(truths: Truths): Copy[] {
  const attempts = groupBy(truths.attempts, ({ eventId }) => eventId);
  const resends = groupBy(truths.resends, ({ eventId }) => eventId);
  const mails = groupBy(truths.taken, ({ messageId }) => messageId);

  return truths.uploads
    .filter(({ accepted }) => accepted)
    .flatMap((upload) => {
      const requested = (resends.get(upload.eventId) ?? []).map(({ copy }) => copy);
      return [...new Set([0, ...requested])].map((copy): Copy => {
        const made = (attempts.get(upload.eventId) ?? []).filter((it) => it.copy === copy);
        const messageIds = new Set(made.map(({ messageId }) => messageId));
        return {
          ...{ upload, copy },
          accepted: count(made, 'accepted'),
          ambiguous: count(made, 'ambiguous'),
          mails: [...messageIds].flatMap((id) => mails.get(id) ?? []).length,
          requests: requested.filter((it) => it === copy).length,
        };
      });
    });
}

/** What became of a copy; only what was planted or recorded counts as an excuse for no mail. */
export function fateOf(copy: Copy, truths: Truths): Fate {
  const { upload, accepted, ambiguous } = copy;
  const event = truths.events.find(({ id }) => id === upload.eventId);
  if (accepted > 0) return copy.mails > 0 ? 'mailed' : 'lost';
  const settledAsSent = event !== undefined && event.sentCopies > copy.copy;
  if (settledAsSent) {
    return truths.policy === 'assume_sent' && ambiguous > 0 ? 'taken for sent' : 'lost';
  }
  if (event?.state !== 'parked' || event.sentCopies !== copy.copy) return 'lost';
  switch (event.reason) {
    case 'recipient_missing':
      return upload.address === undefined ? 'parked: recipient_missing' : 'lost';
    case 'refused':
      return truths.refusals.some(({ to }) => to === upload.address) ? 'parked: refused' : 'lost';
    case 'uncertain':
      return truths.policy === 'park' && ambiguous > 0 ? 'parked: uncertain' : 'lost';
    default:
      return 'lost';
  }
}

const count = (attempts: AttemptTruth[], state: string) =>
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
