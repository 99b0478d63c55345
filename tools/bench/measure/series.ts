import type { Figure } from '../rows/row';
import { summarize, type Summary } from './stats';

/** All values by figure and contender, in the order of their first value. */
export type Series = ReturnType<typeof createSeries>;

export function createSeries() {
  const lines = new Map<string, Map<string, number[]>>();

  return {
    add(contender: string, figures: readonly Figure[]): void {
      for (const { name, value } of figures) {
        const line = lines.get(name) ?? new Map<string, number[]>();
        lines.set(name, line.set(contender, [...(line.get(contender) ?? []), value]));
      }
    },
    names: (): string[] => [...lines.keys()],
    values: (name: string, contender: string): number[] => lines.get(name)?.get(contender) ?? [],
    /** Undefined if it was not measured. */
    summary(name: string, contender: string): Summary | undefined {
      const values = lines.get(name)?.get(contender);
      return values && summarize(values);
    },
  };
}
