import type { Contender } from '../contenders/contender';
import type { Stage } from '../stage';

/** One value of one contender in one round. */
export interface Figure {
  /** Name of the line in the table, with the unit. */
  name: string;
  value: number;
}

/** Figures that are measured together. */
export interface Row {
  key: string;
  /** Measured once, because it does not vary or takes long. */
  once?: true;
  /** Measured only when --rows names it, because it takes minutes and compares no designs. */
  byName?: true;
  appliesTo(contender: Contender): boolean;
  measure(stage: Stage, contender: Contender, sizes: Sizes): Promise<Figure[]>;
}

export interface Sizes {
  /** Notifications per measurement. */
  runs: number;
  /** Notifications that wait in the rows "memory" and "provider-outage". */
  waiting: number;
  /** Notifications of one user in the row "burst". */
  burst: number;
  /** Notifications in the ledger in the row "operator". */
  ledger: number;
}
