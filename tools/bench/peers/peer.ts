import { createRequire } from 'node:module';

/** A queue other than Temporal: it accepts one job per key and processes each by `send`. */
export interface Peer {
  enqueue(taskId: string): Promise<void>;
  /** Number of unfinished jobs. */
  open(): Promise<number>;
}

export interface PeerOptions {
  databaseUrl: string;
  redisUrl: string;
  /** Concurrent jobs. */
  concurrency: number;
  send(taskId: string): Promise<void>;
}

export type StartPeer = (options: PeerOptions) => Promise<Peer>;

const requireFromHere = createRequire(__filename);

/** Peers are not dependencies of this project; they are measured where they are installed. */
export function isInstalled(name: string): boolean {
  try {
    requireFromHere.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** Loads the module without types; the caller declares its shape. */
export function requirePeer<Shape>(name: string): Shape {
  return requireFromHere(name) as Shape;
}
