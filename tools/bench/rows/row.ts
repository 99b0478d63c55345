import type { Column } from '../columns/column';
import type { Stage } from '../stage';

/** One value of one column in one round. */
export interface Figure {
  /** What it is, with its unit; the name of a line of the table. */
  name: string;
  value: number;
}

/** Some figures that are taken together. */
export interface Row {
  key: string;
  /** Once is enough for what does not vary, or takes long. */
  once?: true;
  appliesTo(column: Column): boolean;
  measure(stage: Stage, column: Column, sizes: Sizes): Promise<Figure[]>;
}

export interface Sizes {
  /** Notifications of a measurement. */
  runs: number;
  /** Of the row that lets them wait. */
  waiting: number;
}
