import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
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
    const gate = await startGate(suite().temporal.address);
    await gate.shut();
    const worker = startWorker({ TEMPORAL_ADDRESS: gate.address });

    await until('it has met no Temporal', () => worker.output().includes('temporal.unreachable'));
    await gate.open();
    await until('it runs', () => worker.output().includes('worker.running'));
    await gate.shut();
    await until('the core has spoken', () => worker.output().includes('temporal.core'));
    await gate.open();
    await delay(500);
    await worker.stop();
    await gate.shut();

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

/** A TCP proxy on one port, which can be shut and opened. */
async function startGate(target: string) {
  const [host, port] = target.split(':');
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let own = 0;

  function pipe(client: Socket): void {
    const upstream = connect({ host, port: Number(port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    }
    client.pipe(upstream).pipe(client);
  }
  async function open(): Promise<void> {
    server = createServer(pipe).listen(own, '127.0.0.1');
    await once(server, 'listening');
    own = (server.address() as AddressInfo).port;
  }
  async function shut(): Promise<void> {
    const closed = server && once(server, 'close');
    server?.close();
    sockets.forEach((socket) => socket.destroy());
    await closed;
    server = undefined;
  }

  await open();
  return { address: `127.0.0.1:${own}`, open, shut };
}
