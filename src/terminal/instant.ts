const UNITS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `2026-03-01 08:00:00`, in UTC. */
export function utc(instant: string): string {
  return instant.slice(0, 19).replace('T', ' ');
}

/** `2026-03-01 08:00:00 UTC (2 hours ago)`. */
export function utcWithAge(instant: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(instant) - now) / 1_000);
  const [unit, size] = UNITS.find(([, least]) => Math.abs(seconds) >= least) ?? ['second', 1];
  return `${utc(instant)} UTC (${relative.format(Math.trunc(seconds / size), unit)})`;
}
