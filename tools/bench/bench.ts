import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Column, ColumnName } from './columns/column';
import { startColumns, whyAbsent } from './columns/start-columns';
import { createSeries, type Series } from './measure/series';
import { type Options, parseOptions, usage } from './options';
import { toChart } from './report/chart';
import { toJson } from './report/json';
import { toTable } from './report/table';
import { toTargetTable } from './report/targets';
import type { Row } from './rows/row';
import { type Stage, startStage } from './stage';

/** Round by round, so that whatever changes meanwhile changes it for all columns. */
async function measure(stage: Stage, columns: Column[], options: Options): Promise<Series> {
  const series = createSeries();
  for (const column of columns) await warmUp(stage, column, options.runs);
  async function take(row: Row, round: string): Promise<void> {
    for (const column of columns.filter((it) => row.appliesTo(it))) {
      progress(`${round}: ${row.key}, ${column.name}`);
      series.add(column.name, await row.measure(stage, column, options));
    }
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const row of options.rows.filter((it) => !it.once)) {
      await take(row, `round ${round}/${options.rounds}`);
    }
  }
  for (const row of options.rows.filter((it) => it.once)) await take(row, 'once');
  return series;
}

/** Just-in-time compilers and pools of connections are ready when it counts. */
async function warmUp(stage: Stage, column: Column, runs: number): Promise<void> {
  progress(`warming up: ${column.name}`);
  const taskIds = await stage.newTasks(Math.ceil(runs / 3));
  await column.send(taskIds, { atOnce: 20, until: column.mails ? 'mailed' : 'answered' });
  await column.finished();
}

async function measureOn(stage: Stage, options: Options) {
  const columns = await startColumns(stage, options.columns);
  try {
    const names = columns.map(({ name }) => name);
    return { names, series: await measure(stage, columns, options) };
  } finally {
    await Promise.all(columns.map((column) => column.close()));
  }
}

async function bench(options: Options): Promise<void> {
  const [loadBefore = 0] = loadavg();
  const stage = await startStage(options);
  const { series, names } = await measureOn(stage, options).finally(() => stage.close());
  const [loadAfter = 0] = loadavg();

  const about = {
    server: stage.server,
    node: process.version,
    relay: options.plainRelay ? 'plain text and AUTH' : 'STARTTLS and AUTH',
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: [loadBefore, loadAfter],
    rounds: options.rounds,
    runs: options.runs,
  };
  console.log(`${about.server}; relay: ${about.relay}; Node ${about.node}\n`);
  console.log(`${toTable(series, names)}\n\n${toTargetTable(series)}`);
  for (const line of absentAmong(options.columns)) console.log(line);
  if (options.svg) await writeFile(options.svg, toChart(series, names));
  if (options.json) await writeFile(options.json, toJson(series, names, about));
}

/** A column that is missing from the table says why below it. */
function absentAmong(names: readonly ColumnName[]): string[] {
  return names.flatMap((name) => {
    const why = whyAbsent(name);
    return why === undefined ? [] : [`\n${name} was not measured: ${why}.`];
  });
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(usage);
  await bench(parseOptions(args));
}

main(process.argv.slice(2)).catch((err: unknown) => {
  console.error(err);
  process.exit(1);
});
