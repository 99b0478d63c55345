import { createSeries } from '../measure/series';
import { toChart } from '../report/chart';

const CONTENDERS = ['ours', 'a < b & c', 'bare'];

function chartOf(...rates: number[][]): string {
  const series = createSeries();
  rates.forEach((values, index) => {
    values.forEach((value) => series.add(CONTENDERS[index]!, [{ name: 'notifications/s', value }]));
  });
  return toChart(series, CONTENDERS);
}

describe('the chart', () => {
  it('is well-formed XML', () => {
    const chart = chartOf([30, 36.5, 40], [20, 22, 21]);

    expect(unclosedTags(chart)).toEqual([]);
    expect(chart).toContain('a &#60; b &#38; c');
    expect(chart).not.toContain('NaN');
  });

  it('has a bar for each contender that was measured', () => {
    expect(chartOf([30], [20]).match(/<rect /g)).toHaveLength(2);
  });

  it('draws the median as the bar', () => {
    const [, long, short] = /width="([\d.]+)".*width="([\d.]+)"/s.exec(chartOf([40], [20])) ?? [];

    expect(Number(long) / Number(short)).toBeCloseTo(2);
  });

  it('is empty without figures', () => {
    expect(chartOf()).not.toContain('<rect');
  });
});

/** Checks only what a generator gets wrong: each closing tag must match the open one. */
function unclosedTags(xml: string): string[] {
  const open: string[] = [];
  for (const [, closes, name = '', empty] of xml.matchAll(
    /<(\/?)(\w+)(?:\s[\w-]+="[^"<]*")*(\/?)>/g,
  )) {
    if (closes) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name);
  }
  const text = xml.replace(/<\/?\w+(?:\s[\w-]+="[^"<]*")*\/?>/g, '');
  expect(text).not.toMatch(/[<>]|&(?!#\d+;)/);
  return open;
}
