import { connect } from 'node:net';

/** Resolves when something listens on the port of 127.0.0.1, and rejects when nothing does. */
export function acceptsConnections(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}
