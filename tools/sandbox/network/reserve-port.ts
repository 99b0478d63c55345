import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

const host = '127.0.0.1';
/**
 * Below the range that the system gives to outgoing connections: while a part is stopped, a client
 * that tries its port again and again could be given that very port, and keep it.
 */
const first = 20_000;
const count = 5_000;

/** A free port, reserved. */
export async function reservePort(): Promise<number> {
  for (;;) {
    const port = first + randomInt(count);
    if (await reserve(port)) return port;
  }
}

/**
 * Reserves a port on which nothing listens: as long as this process lives, no other process of the
 * sandbox is given it, even while the part that listens there is stopped. What stays bound is the port
 * that is `count` higher.
 */
export async function reserve(port: number): Promise<boolean> {
  const reservation = await bind(port + count);
  if (!reservation) return false;
  if (await isFree(port)) return true;
  reservation.close();
  return false;
}

export async function isFree(port: number): Promise<boolean> {
  const bound = await bind(port);
  bound?.close();
  if (bound) await once(bound, 'close');
  return bound !== undefined;
}

/** Does not keep this process alive. Undefined: another one has the port. */
function bind(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer().unref();
    const refuse = () => resolve(undefined);
    server.once('error', refuse);
    server.listen({ port, host, exclusive: true }, () => resolve(server.off('error', refuse)));
  });
}
