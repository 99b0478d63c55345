import { isFree, reservePort } from './reserve-port';

const tries = 5;

/**
 * Starts something on the wanted ports, and on reserved ones where none is wanted. A port that was
 * free a moment ago may be taken by now: then it tries others. Rejects when a wanted one is taken.
 */
export async function onFreePorts<T>(
  wanted: (number | undefined)[],
  start: (ports: number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ports = await Promise.all(
      wanted.map((port) => (port ? expectFree(port) : reservePort())),
    );
    try {
      return await start(ports);
    } catch (error) {
      const isTaken = /address already in use/i.test((error as Error).message);
      if (!isTaken || attempt === tries) throw error;
    }
  }
}

async function expectFree(port: number): Promise<number> {
  if (await isFree(port)) return port;
  throw new Error(`port ${port} of 127.0.0.1 is taken`);
}
