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
  /** The options of the command. */
  options: string[];
}

export interface Report extends Circumstances {
  figures: ReportedFigure[];
}

export interface ReportedFigure {
  name: string;
  contenders: Record<string, ReportedValues>;
}

interface ReportedValues {
  median: number;
  min: number;
  max: number;
  values: number[];
}

/** Every figure of every round. */
export function toReport(
  series: Series,
  contenders: readonly string[],
  about: Circumstances,
): Report {
  const figures = series.names().map((name) => ({
    name,
    contenders: Object.fromEntries(
      contenders.flatMap((contender) => {
        const summary = series.summary(name, contender);
        return summary ? [[contender, { ...summary, values: series.values(name, contender) }]] : [];
      }),
    ),
  }));
  return { ...about, figures };
}
