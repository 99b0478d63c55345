import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Contender, ContenderName } from './contenders/contender';
import { startContenders, whyAbsent } from './contenders/start-contenders';
import { createSeries, type Series } from './measure/series';
import { type Options, parseOptions, usage } from './options';
import { toChart } from './report/chart';
import { toJson } from './report/json';
import { toTable } from './report/table';
import { toTargetTable } from './report/targets';
import type { Row } from './rows/row';
import { type Stage, startStage } from './stage';

/** Measures round by round, so that a change of the machine's load affects all contenders alike. */
async function measure(stage: Stage, contenders: Contender[], options: Options): Promise<Series> {
  const series = createSeries();
  for (const contender of contenders) await warmUp(stage, contender, options.runs);
  async function take(row: Row, round: string): Promise<void> {
    for (const contender of contenders.filter((it) => row.appliesTo(it))) {
      progress(`${round}: ${row.key}, ${contender.name}`);
      series.add(contender.name, await row.measure(stage, contender, options));
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

/** Warms up just-in-time compilers and connection pools. */
async function warmUp(stage: Stage, contender: Contender, runs: number): Promise<void> {
  progress(`warming up: ${contender.name}`);
  const taskIds = await stage.newTasks(Math.ceil(runs / 3));
  await contender.send(taskIds, { atOnce: 20, until: contender.mails ? 'mailed' : 'answered' });
  await contender.finished();
}

async function measureOn(stage: Stage, options: Options) {
  const contenders = await startContenders(stage, options.contenders);
  try {
    const names = contenders.map(({ name }) => name);
    return { names, series: await measure(stage, contenders, options) };
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
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
  for (const line of absentAmong(options.contenders)) console.log(line);
  if (options.svg) await writeFile(options.svg, toChart(series, names));
  if (options.json) await writeFile(options.json, toJson(series, names, about));
}

/** Says why a contender is missing from the table. */
function absentAmong(names: readonly ContenderName[]): string[] {
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
