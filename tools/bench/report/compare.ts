import { readFile } from 'node:fs/promises';
import { numberText } from './number-text';
import type { Report } from './report';
import { alignedTable } from './table';

/** What a report says besides the figures, and two runs may differ in. */
const CIRCUMSTANCES = ['server', 'relay', 'node', 'processor', 'cores', 'rounds', 'runs'] as const;

/** Reads what --json wrote. */
export async function readReport(file: string): Promise<Report> {
  const report = JSON.parse(await readFile(file, 'utf8')) as Partial<Report> | null;
  if (!Array.isArray(report?.figures)) throw new Error(`${file} is not a report of the benchmark`);
  return report as Report;
}

/**
 * The medians that both runs have, side by side, below the circumstances in which they differ.
 * Machines and their load differ, so only ratios within one run are a measurement.
 */
export function toComparison(earlier: Report, now: Report): string {
  const differences = CIRCUMSTANCES.filter((it) => earlier[it] !== now[it]).map(
    (it) => `${it}: ${earlier[it]} → ${now[it]}`,
  );
  const lines = now.figures.flatMap(({ name, contenders }) => {
    const before = earlier.figures.find((it) => it.name === name)?.contenders ?? {};
    return Object.entries(contenders).flatMap(([contender, { median }]) => {
      const base = before[contender]?.median;
      if (base === undefined) return [];
      return [[name, contender, base, median, median / base].map(cell)];
    });
  });
  if (lines.length === 0) return 'The earlier run has none of these figures.';
  const table = alignedTable(['', 'contender', 'earlier', 'now', 'now ÷ earlier'], lines);
  return [...differences, ...(differences.length > 0 ? [''] : []), table].join('\n');
}

function cell(it: string | number): string {
  return typeof it === 'number' ? numberText(it) : it;
}
