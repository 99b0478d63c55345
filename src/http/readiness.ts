/** The answer of /readyz. */
export interface Readiness {
  ready: boolean;
  /** What keeps it from being ready, each as a sentence. */
  checks?: string[];
  /** What a person should repair, though the process can do its work. */
  warnings?: string[];
}

export type Probe = () => Readiness | Promise<Readiness>;

/** Ready when all parts are. */
export async function probeAll(probes: readonly Probe[]): Promise<Readiness> {
  const parts = await Promise.all(probes.map(async (probe) => probe()));
  return {
    ready: parts.every(({ ready }) => ready),
    checks: parts.flatMap(({ checks = [] }) => checks),
    warnings: parts.flatMap(({ warnings = [] }) => warnings),
  };
}

/** Asks at most once in an interval: until it is over, every call gets the same answer. */
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
