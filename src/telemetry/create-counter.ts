import { Counter, type CounterConfiguration, type Registry } from 'prom-client';

type Labels<L extends string> = Partial<Record<L, string>>;

interface CounterOptions<L extends string> extends Pick<
  CounterConfiguration<L>,
  'name' | 'help' | 'labelNames'
> {
  /** Label values that will come: they are exported as 0 from the start, so that the first increase is seen. */
  known?: readonly Labels<L>[];
}

export function createCounter<L extends string = never>(
  registry: Registry,
  { known = [], ...configuration }: CounterOptions<L>,
): Counter<L> {
  const counter = new Counter<L>({ ...configuration, registers: [registry] });
  for (const labels of known) counter.inc(labels, 0);
  return counter;
}

/** Every value of one label. */
export function valuesOf<L extends string>(label: L, values: readonly string[]): Labels<L>[] {
  return values.map((value) => ({ [label]: value }) as Labels<L>);
}
