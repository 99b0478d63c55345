import type { Post } from '../drive/sender';
import type { RelayNote } from '../stage/proof-relay';
import type { HistoryLine } from './read-history';
import type { Observations } from './observations';

export interface TimelineSources {
  observations: Observations;
  posts: Map<string, Post[]>;
  notes: RelayNote[];
  history: HistoryLine[];
}

/** Faults that ended this long before the task began, or began this long after its end, are shown. */
const MARGIN_MS = 2_000;

/** Everything observed about one task, in chronological order. */
export function timelineOf(
  taskId: string,
  { observations, posts, notes, history }: TimelineSources,
): string[] {
  const upload = observations.uploads.find((it) => it.taskId === taskId);
  const attempts = observations.attempts.filter(({ eventId }) => eventId.includes(taskId));
  const lines = [
    ...(posts.get(taskId) ?? []).map(({ at, what, api, answer, body = '' }) => ({
      at,
      text: `sent      ${what} to ${api}: ${answer} ${body.slice(0, 100)}`,
    })),
    ...attempts.flatMap(({ claimedAt, settledAt, resend, state, reply, messageId }) => [
      { at: claimedAt, text: `ledger    resend ${resend} is claimed: ${messageId}` },
      ...(settledAt
        ? [{ at: settledAt, text: `ledger    resend ${resend} is ${state}: ${reply}` }]
        : []),
    ]),
    ...notes
      .filter(({ to }) => to === upload?.address)
      .map(({ at, did }) => ({ at, text: `relay     ${did}` })),
    ...history.map(({ at, what }) => ({ at, text: `temporal  ${what}` })),
  ];
  const times = lines.map(({ at }) => at);
  const [first, last] = [Math.min(...times) - MARGIN_MS, Math.max(...times) + MARGIN_MS];
  const touched = observations.faults
    .filter(({ at, until }) => until >= first && at <= last)
    .flatMap(({ at, until, target, what }) => [
      { at, text: `fault     ${target}: ${what}` },
      { at: until, text: `fault     ${target}: ${what} is over` },
    ]);
  return [...lines, ...touched]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${timeOf(at)} ${text}`);
}

const timeOf = (at: number) =>
  Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : 'the end     ';
