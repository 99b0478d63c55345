import { servePart } from '../part/serve-part';
import { startDistance } from './distance';

const calls = {
  /** Returns the port that leads to the relay. */
  async start(relay: { port: number; oneWayMs: number }): Promise<number> {
    const { port } = await startDistance(relay);
    return port;
  },
};
export type DistanceCalls = typeof calls;

servePart(calls);
