/** A measurement that takes longer is stuck. */
export const MEASUREMENT_MAX_MS = 30 * 60_000;
