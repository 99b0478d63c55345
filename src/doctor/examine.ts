import { withTimeLimit } from '../../activities/time-limit';
import { failure, type Finding, type Judgement, type Part } from './finding';

/** Runs one check and records its finding; a check that throws is a failure. */
export type Check = (
  name: string,
  judge: (stop: AbortSignal) => Judgement | Promise<Judgement>,
) => Promise<Judgement>;

export interface Examination {
  part: Part;
  examine: (check: Check, stop: AbortSignal) => Promise<unknown>;
  /** For a part that may take longer than the others. */
  limitMs?: number;
}

const LIMIT_MS = 8_000;
const TEXT_MAX_CHARS = 600;
/** What is to blame if a part takes too long. */
const SUSPECTS: Record<Part, string> = {
  configuration: 'the files that the environment names',
  relay: 'SMTP_SERVER and SMTP_PORT',
  dns: "this machine's name servers, or name another with --dns-server,",
  temporal: 'TEMPORAL_ADDRESS',
  database: 'DATABASE_URL and ADMIN_DATABASE_URL',
  provider: 'EMAIL_API_BASE_URL',
  webhook: 'PUBLIC_BASE_URL',
};

/** Examines every part at the same time, each within its own limit: none hides another's findings. */
export async function examineAll(
  examinations: readonly Examination[],
  stop: AbortSignal,
): Promise<Finding[]> {
  const findings = await Promise.all(examinations.map((it) => examinePart(it, stop)));
  return findings.flat();
}

interface Begun {
  name: string;
  since: number;
}

/** The findings, in the order in which their checks began. */
async function examinePart(
  { part, examine, limitMs = LIMIT_MS }: Examination,
  stop: AbortSignal,
): Promise<Finding[]> {
  const findings = new Map<Begun, Finding>();
  const begunChecks: Begun[] = [];
  const pending = new Set<Begun>();
  let isOver = false;

  function record(begun: Begun, judgement: Judgement): void {
    pending.delete(begun);
    if (isOver) return;
    const ms = Math.round(performance.now() - begun.since);
    findings.set(begun, { part, check: begun.name, ...capped(judgement), ms });
  }

  const start = { name: 'examination', since: performance.now() };
  await withTimeLimit(limitMs, stop, async (limit) => {
    const check: Check = async (name, judge) => {
      const begun = { name, since: performance.now() };
      begunChecks.push(begun);
      pending.add(begun);
      const judgement = await judged(() => judge(limit));
      record(begun, judgement);
      return judgement;
    };
    await Promise.race([examine(check, limit), untilAborted(limit)]).catch((err: unknown) => {
      if (!limit.aborted) record(start, unforeseen(err));
    });
  });
  for (const begun of pending) record(begun, outOfTime(part, limitMs));
  isOver = true;
  return [...begunChecks, start].flatMap((begun) => findings.get(begun) ?? []);
}

async function judged(judge: () => Judgement | Promise<Judgement>): Promise<Judgement> {
  try {
    return await judge();
  } catch (err) {
    return unforeseen(err);
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const end = () => reject(signal.reason as Error);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}

function outOfTime(part: Part, limitMs: number): Judgement {
  return failure({
    what: `no end after ${limitMs / 1_000} s`,
    why: 'What answers so slowly, or not at all, holds up every email.',
    remedy: `Check ${SUSPECTS[part]} and the network between.`,
  });
}

/** Without its message, which may quote a secret. */
function unforeseen(err: unknown): Judgement {
  const { name = 'Error', code } = Object(err) as { name?: string; code?: string | number };
  return failure({
    what: `the check itself failed (${code === undefined ? name : `${name} ${code}`})`,
    why: 'Nothing can be said about this part.',
    remedy: 'Run the doctor again; if it stays, report it with this line.',
  });
}

/** What others wrote, such as a record of the DNS, may be long. */
function capped(judgement: Judgement): Judgement {
  const texts = Object.entries(judgement).map(([key, text]: [string, string]) => [
    key,
    text.length > TEXT_MAX_CHARS ? `${text.slice(0, TEXT_MAX_CHARS - 1).toWellFormed()}…` : text,
  ]);
  return Object.fromEntries(texts) as Judgement;
}
