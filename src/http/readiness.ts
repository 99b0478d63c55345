/** The answer of /readyz. */
export interface Readiness {
  ready: boolean;
  /** Why the process is not ready, one sentence each. */
  checks?: string[];
  /** Faults that a person should repair, although the process is ready. */
  warnings?: string[];
}

export type Probe = () => Readiness | Promise<Readiness>;

/** Ready when all probes are. */
export async function probeAll(probes: readonly Probe[]): Promise<Readiness> {
  const parts = await Promise.all(probes.map(async (probe) => probe()));
  return {
    ready: parts.every(({ ready }) => ready),
    checks: parts.flatMap(({ checks = [] }) => checks),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
  };
}

/** Calls `ask` at most once per interval; every call within it returns the same promise. */
export function shared<T>(ask: () => Promise<T>, intervalMs = 1_000): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return function askShared() {
    if (!answer) {
      const forget = () => setTimeout(() => (answer = undefined), intervalMs).unref();
      answer = ask().finally(forget);
    }
    return answer;
  };
}
