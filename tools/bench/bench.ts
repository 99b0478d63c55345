import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import type { Contender } from './contenders/contender';
import { cliOf } from './contenders/start-baseline';
import { type Choice, startContenders, whyAbsent } from './contenders/start-contenders';
import { createSeries, type Series } from './measure/series';
import { warmUp } from './measure/warm-up';
import { type Options, parseOptions, usage } from './options';
import { toChart } from './report/chart';
import { readReport, toComparison } from './report/compare';
import { toReport } from './report/report';
import { toTable } from './report/table';
import { toTargetTable } from './report/targets';
import type { Row } from './rows/row';
import { type Stage, startStage } from './stage';

/** Measures round by round, so that a change of the machine's load affects all contenders alike. */
async function measure(stage: Stage, contenders: Contender[], options: Options): Promise<Series> {
  const series = createSeries();
  for (const contender of contenders) {
    progress(`warming up: ${contender.name}`);
    await warmUp(stage, contender, Math.ceil(options.runs / 3));
  }
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

async function measureOn(stage: Stage, options: Options) {
  const contenders = await startContenders(stage, options);
  try {
    const names = contenders.map(({ name }) => name);
    return { names, series: await measure(stage, contenders, options) };
  } finally {
    await Promise.all(contenders.map((contender) => contender.close()));
  }
}

async function bench(options: Options, args: string[]): Promise<void> {
  // Half an hour later would be late for an error in these.
  if (options.baseline) cliOf(options.baseline);
  const earlier = options.compare ? await readReport(options.compare) : undefined;
  const [loadBefore = 0] = loadavg();
  const stage = await startStage(options);
  const { series, names } = await measureOn(stage, options).finally(() => stage.close());
  const [loadAfter = 0] = loadavg();

  const about = {
    server: stage.server,
    node: process.version,
    relay: options.plain ? 'plain text and AUTH' : 'STARTTLS and AUTH',
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    load: [loadBefore, loadAfter],
    rounds: options.rounds,
    runs: options.runs,
    options: args,
  };
  const report = toReport(series, names, about);
  console.log(`npm run bench -- ${args.join(' ')}`);
  console.log(`${about.server}; relay: ${about.relay}; Node ${about.node}\n`);
  console.log(`${toTable(series, names)}\n\n${toTargetTable(series)}`);
  for (const line of absentAmong(options)) console.log(line);
  if (earlier) console.log(`\n${toComparison(earlier, report)}`);
  if (options.svg) await writeFile(options.svg, toChart(series, names));
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Says why a contender is missing from the table. */
function absentAmong(choice: Choice): string[] {
  return choice.contenders.flatMap((name) => {
    const why = whyAbsent(name, choice);
    return why === undefined ? [] : [`\n${name} was not measured: ${why}.`];
  });
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(usage);
  await bench(parseOptions(args), args);
}

main(process.argv.slice(2)).catch((err: unknown) => {
  console.error(err);
  process.exit(1);
});
