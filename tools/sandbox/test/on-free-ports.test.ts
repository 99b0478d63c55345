import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { onFreePorts } from '../network/on-free-ports';

const inUse = new Error('listen tcp 127.0.0.1: bind: address already in use');

let occupant: Server;
let taken: number;

beforeAll(async () => {
  occupant = createServer().listen(0, '127.0.0.1');
  await once(occupant, 'listening');
  taken = (occupant.address() as AddressInfo).port;
});

afterAll(() => new Promise((resolve) => occupant.close(resolve)));

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
