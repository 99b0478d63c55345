import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeries } from '../measure/series';
import { readReport, toComparison } from '../report/compare';
import { type Circumstances, type Report, toReport } from '../report/report';
import { toTargetTable } from '../report/targets';

const ABOUT: Circumstances = {
  server: 'Temporal dev server',
  node: 'v20.19.0',
  relay: 'plain text and AUTH',
  processor: 'one',
  cores: 2,
  load: [0, 2],
  rounds: 2,
  runs: 20,
  options: ['--plain'],
};
const CONTENDERS = ['ours', 'floor'];

/** Of the rates of the contenders in each round. */
function seriesOf(rates: Record<string, number[]>, figure = 'notifications/s') {
  const series = createSeries();
  for (const [contender, values] of Object.entries(rates)) {
    values.forEach((value) => series.add(contender, [{ name: figure, value }]));
  }
  return series;
}

const reportOf = (rates: Record<string, number[]>, about: Partial<Circumstances> = {}): Report =>
  toReport(seriesOf(rates), CONTENDERS, { ...ABOUT, ...about });

describe('the report', () => {
  it('has every value with its summary, and how the run was started', () => {
    expect(reportOf({ ours: [40, 50] })).toMatchObject({
      options: ['--plain'],
      figures: [
        {
          name: 'notifications/s',
          contenders: { ours: { median: 45, min: 40, max: 50, values: [40, 50] } },
        },
      ],
    });
  });

  it('leaves out contenders that were not measured', () => {
    expect(Object.keys(reportOf({ ours: [40] }).figures[0]?.contenders ?? {})).toEqual(['ours']);
  });
});

describe('toComparison', () => {
  it('has a line for each median that both runs have, with their ratio', () => {
    const earlier = reportOf({ ours: [20, 30], floor: [40] });
    const now = reportOf({ ours: [50] });

    const lines = toComparison(earlier, now).split('\n');

    expect(lines).toHaveLength(3);
    expect(lines[2]).toMatch(/^\| notifications\/s \| ours +\| 25 +\| 50 +\| 2 +\|$/);
  });

  it('says that the runs have no figure in common', () => {
    const text = toComparison(reportOf({ floor: [40] }), reportOf({ ours: [50] }));

    expect(text).toBe('The earlier run has none of these figures.');
  });

  it('says in which circumstances they differ', () => {
    const now = { relay: 'STARTTLS and AUTH', load: [1, 1], options: [] };

    const text = toComparison(reportOf({ ours: [20] }), reportOf({ ours: [20] }, now));

    expect(text).toMatch(/^relay: plain text and AUTH → STARTTLS and AUTH\n\n\|/);
  });
});

describe('readReport', () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bulk-notify-report-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('reads what was written', async () => {
    const report = reportOf({ ours: [20], floor: [10] });
    const file = join(directory, 'report.json');
    await writeFile(file, JSON.stringify(report));

    expect(await readReport(file)).toEqual(report);
  });

  it.each(['{}', 'null', '[]'])('refuses %s', async (text) => {
    const file = join(directory, 'other.json');
    await writeFile(file, text);

    await expect(readReport(file)).rejects.toThrow('is not a report of the benchmark');
  });
});

describe('toTargetTable', () => {
  it.each([
    [{ ours: [46], floor: [40] }, '≥ 1.15', '1.15', 'yes'],
    [{ ours: [45], floor: [40] }, '≥ 1.15', '1.13', '**no**'],
    [{ ours: [45], baseline: [20] }, '≥ 2', '2.25', 'yes'],
    [{ 'ours, rate limit': [39], 'baseline, rate limit': [20] }, '≥ 2', '1.95', '**no**'],
  ])('of the rates %j has the bound %s, the ratio %s and %s', (rates, ...expected) => {
    const [, , ...lines] = toTargetTable(seriesOf(rates)).split('\n');

    expect(lines).toHaveLength(1);
    expect(lines[0]?.split('|').map((it) => it.trim())).toEqual(expect.arrayContaining(expected));
  });

  it('has no line for what was not measured', () => {
    expect(toTargetTable(seriesOf({ ours: [40] })).split('\n')).toHaveLength(2);
  });
});
