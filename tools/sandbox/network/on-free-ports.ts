import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const host = '127.0.0.1';
const tries = 5;

/**
 * Not from the range that the system gives to outgoing connections: while a part is stopped, a
 * client that tries its port again and again could be given that very port, and keep it.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Starts something on the wanted ports, and on free ones where none is wanted. A port that was
 * free a moment ago may be taken by now: then it tries others. Rejects when a wanted one is taken.
 */
export async function onFreePorts<T>(
  wanted: (number | undefined)[],
  start: (ports: number[]) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ports = await Promise.all(wanted.map((port) => (port ? expectFree(port) : freePort())));
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
  throw new Error(`port ${port} of ${host} is taken`);
}
