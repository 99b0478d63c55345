import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const BENCH = join(__dirname, '../../../dist/tools/bench/bench.js');
/** A few of each kind; all would take minutes. */
const ROWS = 'acknowledgement,throughput,latency,far-relay,history,operator';
const CONTENDERS = ['ours', 'floor', 'floor, rate limit', 'bare', 'bare, our start'];

interface Report {
  figures: { name: string; contenders: Record<string, { median: number; values: number[] }> }[];
}

it('npm run bench -- --quick measures each contender and writes the reports', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'bulk-notify-bench-test-'));
  const json = join(directory, 'figures.json');
  const svg = join(directory, 'chart.svg');
  const what = ['--quick', '--rows', ROWS, '--contenders', CONTENDERS.join()];
  const reports = ['--json', json, '--svg', svg];

  const { stdout } = await promisify(execFile)(process.execPath, [BENCH, ...what, ...reports]);
  const { figures } = JSON.parse(await readFile(json, 'utf8')) as Report;
  const chart = await readFile(svg, 'utf8');
  await rm(directory, { recursive: true });

  const of = (name: string) => figures.find((it) => it.name === name)?.contenders ?? {};
  expect(Object.keys(of('notifications/s'))).toEqual(CONTENDERS);
  expect(Object.keys(of('acknowledgements/s'))).toEqual(['ours', 'bare', 'bare, our start']);
  expect(Object.keys(of('webhook to 250, ms: p50'))).toEqual([
    'ours',
    'floor',
    'floor, rate limit',
  ]);
  const far = of('webhook to 250, relay 20 ms away, ms: p50');
  expect(Object.keys(far)).toEqual(['ours', 'floor']);
  // A round trip to the final dot is the least.
  for (const { median } of Object.values(far)) expect(median).toBeGreaterThan(40);
  expect(of('handshakes a mail, at full rate').floor?.median).toBeLessThan(0.5);
  // These do not depend on the machine.
  expect(of('history events')).toMatchObject({
    ours: { median: 6 },
    floor: { median: 11 },
    'floor, rate limit': { median: 11 },
    bare: { median: 5 },
    'bare, our start': { median: 5 },
  });
  expect(of('billable actions')).toMatchObject({ ours: { median: 2 }, floor: { median: 2 } });
  expect(of('operator, ms: slowest p99')).toMatchObject({
    ours: { median: expect.any(Number) as number },
  });
  expect(stdout).toContain('npm run bench -- --quick --rows');
  expect(stdout).toContain('| notifications/s');
  expect(stdout).toMatch(/history events, without a limit +\| ≤ 6 +\| 6 +\| yes/);
  expect(chart).toContain('<svg');
}, 900_000);
