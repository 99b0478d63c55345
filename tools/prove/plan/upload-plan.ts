import type { Outcome } from '../../../workflows/core/outcome';
import type { Random } from '../../sandbox/random';
import type { PlannedPost } from './traffic';

export interface PlannedUpload {
  taskId: string;
  userId: string;
  fileName: string;
  addresses: number;
  /** Reported by the provider, whose answer decides. */
  outcome: Outcome;
  /** When the provider registers the task, and when its status becomes final. */
  registeredAtMs: number;
  finalAtMs: number;
  /** The owner's address, if there is one from the start. */
  address?: string;
  /** An address that is stored later and followed by a resend. */
  lateAddress?: { atMs: number; address: string };
  posts: PlannedPost[];
  /** No webhook comes: the upload is watched and has to be found. */
  watch?: { atMs: number; api: number };
  /** The same request may be sent twice. */
  resends: { atMs: number; requestId: string }[];
  /** The run is queried as soon as it exists, as by a person who opens it in the UI. */
  queries: boolean;
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
  [3, 'late address'],
  [2, 'refused'],
  [2, 'spam'],
] as const;

const FILE_NAMES = ['leads.csv', 'Kundschaft – größer.xlsx', 'a "quoted" name.txt', '名簿.csv'];
/** Webhooks are sent out of order by up to this. */
const JITTER_MAX_MS = 3_000;

export function planUpload(random: Random, startMs: number, lengthMs: number): PlannedUpload {
  const kind = random.weighted(KINDS);
  const [taskId, userId] = [random.uuid(), random.uuid()];
  const outcome: Outcome = random.chance(0.25) ? 'failed' : 'completed';
  const within = (ms: number) => Math.min(Math.round(ms), lengthMs);
  const atMs = within(startMs + random.between(0, JITTER_MAX_MS));
  const later = (least: number, most: number) => within(atMs + random.between(least, most) * 1_000);
  const api = random.whole(0, 1);
  const post: PlannedPost = { atMs, api, outcome };
  const other: Outcome = outcome === 'failed' ? 'completed' : 'failed';

  const upload: PlannedUpload = {
    ...{ taskId, userId, outcome, posts: [post], resends: [], queries: random.chance(0.2) },
    fileName: random.pick(FILE_NAMES),
    // One webhook in fifty has a megabyte.
    addresses: random.chance(0.02) ? 2_000 : random.whole(2, 8),
    registeredAtMs: 0,
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
      upload.registeredAtMs = later(0, 3);
      upload.finalAtMs = Math.max(upload.registeredAtMs, later(1, 6));
      break;
    case 'no address':
      upload.address = undefined;
      break;
    case 'late address':
      upload.lateAddress = { atMs: later(2, 20), address: `late-${userId}@customer.example` };
      upload.address = undefined;
      break;
  }
  if (kind === 'refused' || kind === 'spam') upload.address = `${kind}-${userId}@customer.example`;
  if (upload.lateAddress)
    return { ...upload, resends: [resendAt(random, upload.lateAddress.atMs)] };
  return random.chance(0.15) ? { ...upload, resends: planResends(random, later) } : upload;
}

/** One or two requests, or one request twice: while the run waits, in its resend window or after its end. */
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
