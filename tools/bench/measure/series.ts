import type { Figure } from '../rows/row';
import { summarize, type Summary } from './stats';

/** All values of all figures, by figure and column, in the order in which they first came. */
export type Series = ReturnType<typeof createSeries>;

export function createSeries() {
  const lines = new Map<string, Map<string, number[]>>();

  return {
    add(column: string, figures: readonly Figure[]): void {
      for (const { name, value } of figures) {
        const line = lines.get(name) ?? new Map<string, number[]>();
        lines.set(name, line.set(column, [...(line.get(column) ?? []), value]));
      }
    },
    names: (): string[] => [...lines.keys()],
    values: (name: string, column: string): number[] => lines.get(name)?.get(column) ?? [],
    /** Undefined where it was not measured. */
    summary(name: string, column: string): Summary | undefined {
      const values = lines.get(name)?.get(column);
      return values && summarize(values);
    },
  };
}
