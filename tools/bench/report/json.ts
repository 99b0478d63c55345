import type { Series } from '../measure/series';

export interface Circumstances {
  server: string;
  node: string;
  relay: string;
  processor: string;
  cores: number;
  /** Load average of a minute at the start and at the end: others at work show in it. */
  load: number[];
  rounds: number;
  runs: number;
}

/** Every figure of every round, for machines. */
export function toJson(series: Series, columns: readonly string[], about: Circumstances): string {
  const figures = series.names().map((name) => ({
    name,
    columns: Object.fromEntries(
      columns
        .map((column) => [column, series.values(name, column)] as const)
        .filter(([, values]) => values.length > 0)
        .map(([column, values]) => [column, { ...series.summary(name, column), values }]),
    ),
  }));
  return `${JSON.stringify({ ...about, figures }, null, 2)}\n`;
}
