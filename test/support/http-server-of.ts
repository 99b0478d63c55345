import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:http';
import { fetch } from './recorded-fetch';

const CHANNEL = 'http.server.request.start';

/** Node's own server behind a port, so that a test need not outwait its limits. */
export async function httpServerOf(port: number): Promise<Server> {
  let server: Server | undefined;
  const seen = (message: unknown) => ({ server } = message as { server: Server });
  subscribe(CHANNEL, seen);
  await fetch(`http://127.0.0.1:${port}/`);
  unsubscribe(CHANNEL, seen);
  if (!server) throw new Error(`no server in this process answers on port ${port}`);
  return server;
}
