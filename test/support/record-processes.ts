import type { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { CLI } from '../../tools/sandbox/service/service-process';
import { openRecord } from './record';

const CHANNEL = 'child_process';
let processes = 0;

/** Node says so of each new process, before its program is known. */
function onProcess(message: unknown): void {
  const { process: child } = message as { process: ChildProcess };
  const number = ++processes;
  const streams = ['stdout', 'stderr'] as const;
  const records = streams.map((stream) => openRecord(`process-${number}.${stream}`));
  child.once('spawn', () => {
    if (!child.spawnargs.includes(CLI)) return;
    streams.forEach((stream, n) => child[stream]?.on('data', records[n]!));
  });
}

// Jest runs this before the tests of each file: what a process of the service prints is recorded.
subscribe(CHANNEL, onProcess);
afterAll(() => void unsubscribe(CHANNEL, onProcess));
