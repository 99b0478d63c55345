import { type HttpServer, listen } from '../http/server';

type ListenArguments = Parameters<typeof listen>;

/** Listens on a configured port. If that fails, the error names the variable. */
export async function listenOn(
  portName: 'HTTP_PORT' | 'ADMIN_PORT',
  ...args: ListenArguments
): Promise<HttpServer> {
  try {
    return await listen(...args);
  } catch (err) {
    throw new Error(describe(portName, err as NodeJS.ErrnoException), { cause: err });
  }
}

function describe(portName: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'EADDRINUSE') return `${portName} is taken by another process: ${message}`;
  if (code === 'EADDRNOTAVAIL') return `ADMIN_HOST is no address of this machine: ${message}`;
  return `${portName} cannot be listened on: ${message}`;
}
