import type { Series } from '../measure/series';
import type { Summary } from '../measure/stats';
import { numberText } from './number-text';

/** Markdown: a line per figure, a column per contender; the median with the spread in parentheses. */
export function toTable(series: Series, contenders: readonly string[]): string {
  const lines = series
    .names()
    .map((name) => [name, ...contenders.map((contender) => cell(series.summary(name, contender)))]);
  return alignedTable(['', ...contenders], lines);
}

export function alignedTable(head: string[], lines: string[][]): string {
  const all = [head, ...lines];
  const widths = head.map((_, at) => Math.max(3, ...all.map((line) => line[at]?.length ?? 0)));
  const text = (line: string[]) =>
    `| ${widths.map((width, at) => (line[at] ?? '').padEnd(width)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [text(head), rule, ...lines.map(text)].join('\n');
}

function cell(summary: Summary | undefined): string {
  if (!summary) return '';
  const { median, min, max } = summary;
  if (min === max) return numberText(median);
  return `${numberText(median)} (${numberText(min)}–${numberText(max)})`;
}
