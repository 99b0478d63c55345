import { createRequire } from 'node:module';

/** A queue that is no Temporal: it takes one job for each key, and works them off by `send`. */
export interface Peer {
  enqueue(taskId: string): Promise<void>;
  /** Jobs that are not done. */
  open(): Promise<number>;
}

export interface PeerOptions {
  databaseUrl: string;
  redisUrl: string;
  /** Jobs at the same time, as many as a worker of ours has slots. */
  concurrency: number;
  send(taskId: string): Promise<void>;
}

export type StartPeer = (options: PeerOptions) => Promise<Peer>;

const requireFromHere = createRequire(__filename);

/** Peers are no dependencies of ours: they are measured where somebody has installed them. */
export function isInstalled(name: string): boolean {
  try {
    requireFromHere.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The module, of which the caller knows the shape. */
export function requirePeer<Shape>(name: string): Shape {
  return requireFromHere(name) as Shape;
}
