import { connect, type Socket } from 'node:net';
import { listenTcp } from '../../sandbox/network/listen-tcp';

/** TCP's handshake: a server greets when the third segment has arrived. */
const HANDSHAKE_WAYS = 3;

/**
 * A relay on `port` as if it were far away: everything arrives `oneWayMs` later, in order and at any
 * rate, so that each round trip takes twice as long.
 */
export function startDistance({ port, oneWayMs }: { port: number; oneWayMs: number }) {
  return listenTcp((client) => {
    setTimeout(() => {
      if (client.destroyed) return;
      const relay = connect(port, '127.0.0.1').setNoDelay(true);
      relay.on('error', () => undefined);
      forward(client, relay, oneWayMs);
      forward(relay, client, oneWayMs);
    }, HANDSHAKE_WAYS * oneWayMs);
  });
}

function forward(from: Socket, to: Socket, delayMs: number): void {
  const underWay: (() => void)[] = [];
  // Node does not promise the order of timers, so each one lets the oldest arrive.
  const later = (arrive: () => void): void => {
    underWay.push(arrive);
    setTimeout(() => underWay.shift()?.(), delayMs);
  };
  from.on('data', (bytes) => later(() => void (to.writable && to.write(bytes))));
  from.on('close', (broken) => later(() => void (broken ? to.destroy() : to.end())));
}
