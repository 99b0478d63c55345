/** Paths match exactly, so that a rule of a proxy for `/metrics` cannot be got round by `/METRICS/`. */
export const STRICT = { sensitive: true, strict: true };
