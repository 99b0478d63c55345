import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startTcpProxy } from '../../tools/sandbox/network/tcp-proxy';
import { startSurroundings, type Surroundings } from '../support/surroundings';
import { suite } from '../support/suite';
import { until } from '../../tools/sandbox/until';

const CLI = join(__dirname, '../../dist/src/cli.js');

let surroundings: Surroundings;

beforeAll(async () => {
  surroundings = await startSurroundings();
});
afterAll(() => surroundings.close());

describe('the lines that a worker writes on stdout', () => {
  it('are JSON objects each, also while Temporal is away and after it was cut off', async () => {
    const port = Number(suite().temporal.address.split(':')[1]);
    const gate = await startTcpProxy(() => port);
    gate.cut();
    const worker = startWorker({ TEMPORAL_ADDRESS: `${gate.host}:${gate.port}` });

    await until('it has met no Temporal', () => worker.output().includes('temporal.unreachable'));
    gate.restore();
    await until('it runs', () => worker.output().includes('worker.running'));
    gate.cut();
    await until('the core has spoken', () => worker.output().includes('temporal.core'));
    gate.restore();
    await delay(500);
    await worker.stop();
    await gate.close();

    const lines = worker.output().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(4);
    expect(lines.map(toKind)).toEqual(lines.map(() => 'JSON object'));
    expect(worker.output()).toContain('worker.stopped');
  });
});

function toKind(line: string): string {
  try {
    const value: unknown = JSON.parse(line);
    return value !== null && typeof value === 'object' ? 'JSON object' : line;
  } catch {
    return line;
  }
}

function startWorker(overrides: Record<string, string>) {
  const env = { PATH: process.env.PATH, ...surroundings.environment, ...overrides };
  const child = spawn(process.execPath, [CLI, 'worker'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.resume();
  const exited = once(child, 'exit');
  return {
    output: () => Buffer.concat(chunks).toString(),
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
