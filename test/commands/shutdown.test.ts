import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { listenTcp } from '../../tools/sandbox/network/listen-tcp';
import { CLI } from '../../tools/sandbox/service/service-process';

const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';

/** Takes connections and never answers, as Temporal and as the database. */
let silent: Awaited<ReturnType<typeof listenTcp>>;
let connected: Promise<unknown>;
let child: ChildProcess | undefined;

beforeEach(async () => {
  let onConnection: (socket: unknown) => void = () => undefined;
  connected = new Promise((resolve) => (onConnection = resolve));
  silent = await listenTcp((socket) => onConnection(socket));
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await silent.close();
});

/** Starts a command and signals it once it has connected; its exit code, or the signal that ended it. */
async function signalled(args: string[], signal: NodeJS.Signals) {
  const url = `postgres://user@127.0.0.1:${silent.port}/ledger`;
  child = spawn(process.execPath, [CLI, ...args], {
    env: {
      ...{ DATABASE_URL: url, ADMIN_DATABASE_URL: url },
      TEMPORAL_ADDRESS: `127.0.0.1:${silent.port}`,
    },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  await connected;
  child.kill(signal);
  const [code, endedBy] = await exited;
  return code ?? endedBy;
}

const COMMANDS = [
  ['setup'],
  ['show', TASK_ID],
  ['list'],
  ['resend', TASK_ID, 'completed'],
  ['resend', TASK_ID, 'completed', '--wait'],
  ['bulk', 'list'],
  ['watch', TASK_ID],
];
it.each(
  COMMANDS.flatMap((args) => [
    ['SIGINT' as const, args],
    ['SIGTERM' as const, args],
  ]) as [NodeJS.Signals, string[]][],
)('%s ends %j at once', async (signal, args) => {
  expect(await signalled(args, signal)).toBe(signal);
});

it('SIGTERM lets the doctor report what it has found', async () => {
  expect(await signalled(['doctor', '--part', 'database'], 'SIGTERM')).toBe(1);
});
