import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { onFreePorts } from '../network/on-free-ports';
import { isFree, reserve } from '../network/reserve-port';
import { startProvider } from '../provider/provider';

const inUse = new Error('listen tcp 127.0.0.1: bind: address already in use');

let occupant: Server;
let taken: number;

beforeAll(async () => {
  occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  taken = (occupant.address() as AddressInfo).port;
});

afterAll(() => new Promise((resolve) => occupant.close(resolve)));

describe('reserve', () => {
  it('refuses the port of a part that is stopped', async () => {
    const provider = await startProvider();
    const port = Number(new URL(provider.baseUrl).port);
    await provider.stop();

    await expect(reserve(port)).resolves.toBe(false);
    await provider.start();
    await provider.stop();
  });

  it('refuses a port on which something listens', async () => {
    const port = await freeOne();
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');

    await expect(reserve(port)).resolves.toBe(false);
    await new Promise((resolve) => server.close(resolve));
    await expect(reserve(port)).resolves.toBe(true);
    await expect(reserve(port)).resolves.toBe(false);
  });
});

/** A port that nobody has reserved. */
async function freeOne(): Promise<number> {
  const port = randomInt(20_000, 25_000);
  return (await isFree(port)) && (await isFree(port + 5_000)) ? port : freeOne();
}

describe('onFreePorts', () => {
  it('tries other free ports while those are taken', async () => {
    const tried: number[] = [];

    await onFreePorts([undefined], ([port]) => {
      tried.push(port as number);
      return tried.length < 3 ? Promise.reject(inUse) : Promise.resolve();
    });

    expect(new Set(tried).size).toBe(3);
  });

  it('says which wanted port is taken, and starts nothing', async () => {
    const start = jest.fn().mockResolvedValue(undefined);

    const started = onFreePorts([undefined, taken], start);

    await expect(started).rejects.toThrow(`port ${taken} of 127.0.0.1 is taken`);
    expect(start).not.toHaveBeenCalled();
  });

  it('gives the wanted port once it is free', async () => {
    const port = await onFreePorts([undefined], ([free]) => Promise.resolve(free));

    await expect(onFreePorts([port], ([given]) => Promise.resolve(given))).resolves.toBe(port);
  });

  it('does not try again when it fails for another reason', async () => {
    const start = jest.fn().mockRejectedValue(new Error('disk full'));

    await expect(onFreePorts([undefined], start)).rejects.toThrow('disk full');

    expect(start).toHaveBeenCalledTimes(1);
  });
});
