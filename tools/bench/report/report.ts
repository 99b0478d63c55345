import type { Series } from '../measure/series';

export interface Circumstances {
  server: string;
  node: string;
  relay: string;
  processor: string;
  cores: number;
  /** One-minute load averages at the start and at the end; they reveal other processes. */
  load: number[];
  rounds: number;
  runs: number;
}

/** Every figure of every round. */
export function toJson(
  series: Series,
  contenders: readonly string[],
  about: Circumstances,
): string {
  const figures = series.names().map((name) => ({
    name,
    contenders: Object.fromEntries(
      contenders
        .map((contender) => [contender, series.values(name, contender)] as const)
        .filter(([, values]) => values.length > 0)
        .map(([contender, values]) => [contender, { ...series.summary(name, contender), values }]),
    ),
  }));
  return `${JSON.stringify({ ...about, figures }, null, 2)}\n`;
}
