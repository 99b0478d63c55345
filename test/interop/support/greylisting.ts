import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { GREYLISTED } from './real-relay';

/** A policy server for Postfix (SMTPD_POLICY_README), as greylisting daemons are. */
export async function startGreylisting(port: number) {
  let isOver = false;
  const server = createServer((socket) => {
    let recipient = '';
    socket.on('error', () => undefined);
    createInterface({ input: socket }).on('line', (line) => {
      if (line.startsWith('recipient=')) recipient = line.slice('recipient='.length);
      if (line !== '') return;
      const defers = recipient === GREYLISTED && !isOver;
      socket.write(`action=${defers ? 'DEFER_IF_PERMIT 4.2.0 Greylisted' : 'DUNNO'}\n\n`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { end: () => void (isOver = true), close: () => void server.close() };
}
