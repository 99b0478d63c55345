import type { Post } from '../drive/sender';
import type { RelayNote } from '../stage/proof-relay';
import type { HistoryLine } from './read-history';
import type { FaultTruth, Truths } from './truths';

export interface StorySources {
  truths: Truths;
  posts: Map<string, Post[]>;
  notes: RelayNote[];
  faults: FaultTruth[];
  history: HistoryLine[];
}

/** How long a fault goes on to be felt. */
const MARGIN_MS = 2_000;

/** All that is known of one task, in the order in which it happened. */
export function story(
  taskId: string,
  { truths, posts, notes, faults, history }: StorySources,
): string[] {
  const upload = truths.uploads.find((it) => it.taskId === taskId);
  const attempts = truths.attempts.filter(({ eventId }) => eventId.includes(taskId));
  const lines = [
    ...(posts.get(taskId) ?? []).map(({ at, what, api, answer, body = '' }) => ({
      at,
      text: `sent      ${what} to ${api}: ${answer} ${body.slice(0, 100)}`,
    })),
    ...attempts.flatMap(({ claimedAt, settledAt, copy, state, reply, messageId }) => [
      { at: claimedAt, text: `ledger    copy ${copy} is claimed: ${messageId}` },
      ...(settledAt
        ? [{ at: settledAt, text: `ledger    copy ${copy} is ${state}: ${reply}` }]
        : []),
    ]),
    ...notes
      .filter(({ to }) => to === upload?.address)
      .map(({ at, did }) => ({ at, text: `relay     ${did}` })),
    ...history.map(({ at, what }) => ({ at, text: `temporal  ${what}` })),
  ];
  const times = lines.map(({ at }) => at);
  const [first, last] = [Math.min(...times) - MARGIN_MS, Math.max(...times) + MARGIN_MS];
  const touched = faults
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
