import { setImmediate as afterPendingReads } from 'node:timers/promises';
import type { LimitedConnection } from './attempt-limits';
import type { ConnectionLimit } from './connection-limit';
import type { RelayConnection } from './relay-connection';
import type { Turns } from './turns';

export interface ConnectionLimits {
  connectionsMax: number;
  messagesPerConnectionMax: number;
  /** Shorter than the relays' own timeouts, so that they seldom close a connection first. */
  idleMs: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  connectionsMax: 5,
  messagesPerConnectionMax: 100,
  idleMs: 20_000,
};

export type KeptConnections = ReturnType<typeof createKeptConnections>;

/** Connections that wait for their next message. Each is either here or with one sender. */
export function createKeptConnections(
  { messagesPerConnectionMax, idleMs }: ConnectionLimits,
  turns: Pick<Turns, 'holdUntil'>,
  limit: Pick<ConnectionLimit, 'current'>,
) {
  /** The one that was used last comes last. */
  const idle = new Map<RelayConnection, NodeJS.Timeout>();
  const inUse = new Set<RelayConnection>();
  const waiting = new Set<(next?: RelayConnection) => void>();
  let isClosing = false;

  function remove(connection: RelayConnection): void {
    clearTimeout(idle.get(connection));
    idle.delete(connection);
  }

  function drop(connection: RelayConnection): void {
    remove(connection);
    inUse.delete(connection);
    const left = connection.leave();
    turns.holdUntil(left);
    void left.then(wakeFirst);
  }

  const count = () => [...idle.keys()].filter((each) => each.isOpen()).length + inUse.size;
  const hasPlace = () => count() < limit.current();

  /** One did not come back to the senders that wait: the first of them may open another. */
  function wakeFirst(): void {
    const [first] = waiting;
    if (hasPlace()) first?.();
  }

  /** The one that was used last, so that those which are not needed reach the idle timeout. */
  function take(): RelayConnection | undefined {
    for (const connection of [...idle.keys()].reverse()) {
      remove(connection);
      if (!connection.isOpen()) continue;
      inUse.add(connection);
      return connection;
    }
    return undefined;
  }

  return {
    drop,
    take,

    /** For a connection that is being opened. */
    add: (connection: RelayConnection): void => void inUse.add(connection),
    count,

    /** The next one that another sender gives back; undefined if one may be opened, or `cut` is called. */
    next(): LimitedConnection & { connection: Promise<RelayConnection | undefined> } {
      let settle = (_next?: RelayConnection): void => {};
      const connection = new Promise<RelayConnection | undefined>((resolve) => {
        settle = (next) => {
          waiting.delete(settle);
          resolve(next);
        };
        const taken = take();
        if (taken || hasPlace()) settle(taken);
        else waiting.add(settle);
      });
      return { connection, cut: () => settle(), hasBegunMessage: () => false };
    },

    /** For a connection whose message was accepted. */
    async keep(connection: RelayConnection): Promise<void> {
      // An extra reply in the packet of the last one ends the connection here.
      await afterPendingReads();
      const isSpent = connection.messageCount() >= messagesPerConnectionMax;
      if (isClosing || isSpent || !connection.isOpen()) return drop(connection);
      const [first] = waiting;
      if (first) return first(connection);
      inUse.delete(connection);
      idle.set(connection, setTimeout(() => drop(connection), idleMs).unref());
    },

    /** Says QUIT on all of them, and on each that comes back later. */
    async close(): Promise<void> {
      isClosing = true;
      const connections = [...idle.keys()];
      connections.forEach(remove);
      await Promise.all(connections.map((connection) => connection.leave()));
    },
  };
}
