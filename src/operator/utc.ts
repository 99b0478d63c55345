/** `2026-03-01 10:00:00 UTC`, for sentences. */
export function utc(instant: string): string {
  return `${instant.slice(0, 19).replace('T', ' ')} UTC`;
}
