const MINUTE_MS = 60 * 1_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

interface InstantProps {
  /** ISO 8601. */
  at: string;
  /** Then the distance stands beside it. */
  now?: Date;
}

/** An instant in UTC: `2026-03-01 08:00:05`, and how long ago or ahead that is. */
export function Instant({ at, now }: InstantProps) {
  return (
    <>
      <time dateTime={at}>{at.slice(0, 19).replace('T', ' ')}</time>
      {now && <span class="distance"> {distance(Date.parse(at) - now.getTime())}</span>}
    </>
  );
}

/** `3 h ago`, `in 25 min` */
export function distance(ms: number): string {
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return ms > 0 ? 'in a moment' : 'just now';
  const text =
    size < 2 * HOUR_MS
      ? `${Math.floor(size / MINUTE_MS)} min`
      : size < 2 * DAY_MS
        ? `${Math.floor(size / HOUR_MS)} h`
        : `${Math.floor(size / DAY_MS)} days`;
  return ms > 0 ? `in ${text}` : `${text} ago`;
}
