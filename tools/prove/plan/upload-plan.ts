import type { Outcome } from '../../../activities/types';
import type { Random } from '../random';
import type { PlannedPost } from './traffic';

export interface PlannedUpload {
  taskId: string;
  userId: string;
  fileName: string;
  addresses: number;
  /** The provider's word, which decides. */
  outcome: Outcome;
  /** When the provider begins to know the task, and when its file is final there. */
  knownAtMs: number;
  finalAtMs: number;
  /** The owner's address; none: nobody can be told. */
  address?: string;
  /** The address that the owner is given later; a resend follows. */
  mend?: { atMs: number; address: string };
  posts: PlannedPost[];
  /** No webhook comes: it was handed in, and the sweep has to find it. */
  watch?: { atMs: number; api: number };
  /** The same request may be made twice. */
  resends: { atMs: number; requestId: string }[];
  /** A person opens the run as soon as there is one. */
  looks: boolean;
}

const KINDS = [
  [50, 'plain'],
  [10, 'at once'],
  [12, 'late'],
  [4, 'other outcome'],
  [4, 'both outcomes'],
  [6, 'lost'],
  [4, 'early'],
  [3, 'no address'],
  [3, 'mended'],
  [2, 'refused'],
  [2, 'spam'],
] as const;

const FILE_NAMES = ['leads.csv', 'Kundschaft – größer.xlsx', 'a "quoted" name.txt', '名簿.csv'];
/** Webhooks may overtake one another by so much. */
const JITTER_MS = 3_000;

export function planUpload(random: Random, startMs: number, lengthMs: number): PlannedUpload {
  const kind = random.weighted(KINDS);
  const [taskId, userId] = [random.uuid(), random.uuid()];
  const outcome: Outcome = random.chance(0.25) ? 'failed' : 'completed';
  const within = (ms: number) => Math.min(Math.round(ms), lengthMs);
  const atMs = within(startMs + random.between(0, JITTER_MS));
  const later = (least: number, most: number) => within(atMs + random.between(least, most) * 1_000);
  const api = random.whole(0, 1);
  const post: PlannedPost = { atMs, api, outcome };
  const other: Outcome = outcome === 'failed' ? 'completed' : 'failed';

  const upload: PlannedUpload = {
    ...{ taskId, userId, outcome, posts: [post], resends: [], looks: random.chance(0.2) },
    fileName: random.pick(FILE_NAMES),
    // One in fifty has a webhook of a megabyte.
    addresses: random.chance(0.02) ? 2_000 : random.whole(2, 8),
    knownAtMs: 0,
    finalAtMs: 0,
    address: `owner-${userId}@customer.example`,
  };

  switch (kind) {
    case 'plain':
    case 'refused':
    case 'spam':
      break;
    case 'at once':
      upload.posts.push({ ...post, api: 1 - api }, post);
      break;
    case 'late':
      upload.posts.push({ ...post, atMs: later(1, 40), api: 1 - api });
      break;
    case 'other outcome':
      post.outcome = other;
      break;
    case 'both outcomes':
      upload.posts.push({ atMs: later(0, 2), api: 1 - api, outcome: other });
      break;
    case 'lost':
      return { ...upload, posts: [], watch: { atMs, api } };
    case 'early':
      upload.knownAtMs = later(0, 3);
      upload.finalAtMs = Math.max(upload.knownAtMs, later(1, 6));
      break;
    case 'no address':
      upload.address = undefined;
      break;
    case 'mended':
      upload.mend = { atMs: later(2, 20), address: `mended-${userId}@customer.example` };
      upload.address = undefined;
      break;
  }
  if (kind === 'refused' || kind === 'spam') upload.address = `${kind}-${userId}@customer.example`;
  if (upload.mend) return { ...upload, resends: [resendAt(random, upload.mend.atMs)] };
  return random.chance(0.15) ? { ...upload, resends: planResends(random, later) } : upload;
}

/** One or two requests, now and then the same twice: while it waits, in its window, after its end. */
function planResends(random: Random, later: (least: number, most: number) => number) {
  const request = resendAt(random, later(0, 25));
  const again = { ...request, atMs: later(0, 30) };
  const another = resendAt(random, later(0, 30));
  return random.weighted([
    [5, [request]],
    [3, [request, again]],
    [2, [request, another]],
  ]);
}

function resendAt(random: Random, atMs: number) {
  return { atMs, requestId: `request-${random.uuid()}` };
}
