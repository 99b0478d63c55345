import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { guard, type Part } from '../process/guardian';
import { onFreePorts } from '../network/on-free-ports';
import { type OwnedProcess, spawnOwned } from '../process/owned-process';

const host = '127.0.0.1';
const readyWithinMs = 30_000;

export interface UiOptions {
  binary: string;
  temporalAddress: string;
  port?: number;
}

export interface UiRunning {
  uiUrl: string;
}

function createUi(directory: string, options: UiOptions): Part<UiRunning> {
  let owned: OwnedProcess | undefined;

  async function startOn(port: number): Promise<UiRunning> {
    const config = {
      temporalGrpcAddress: options.temporalAddress,
      host,
      port,
      enableUi: true,
      defaultNamespace: 'default',
      notifyOnNewVersion: false,
      hideLogs: true,
      // Its buttons need a cookie, over plain HTTP.
      cors: { cookieInsecure: true },
    };
    await writeFile(join(directory, 'ui.yaml'), JSON.stringify(config));
    const args = ['--root', directory, '--config', '.', '--env', 'ui', 'start'];
    owned = spawnOwned(options.binary, args, { logFile: join(directory, 'ui.log') });

    const uiUrl = `http://${host}:${port}`;
    await owned.untilReady(() => isServed(uiUrl), readyWithinMs);
    return { uiUrl };
  }

  return {
    start: () => onFreePorts([options.port], ([port]) => startOn(port as number)),
    process: () => owned,
    signals: { stop: 'SIGTERM', discard: 'SIGKILL' },
  };
}

async function isServed(url: string): Promise<void> {
  const { ok, status } = await fetch(url);
  if (!ok) throw new Error(`HTTP status ${status}`);
}

guard('temporal-ui', createUi);
