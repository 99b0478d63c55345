import { onFreePorts } from '../../sandbox/process/on-free-ports';

const taken = new Error('listen tcp 127.0.0.1: bind: address already in use');

describe('onFreePorts', () => {
  it('keeps the wanted port and tries other free ones when those are taken', async () => {
    const tried: number[][] = [];

    await onFreePorts([7233, undefined], (ports) => {
      tried.push(ports);
      return tried.length < 3 ? Promise.reject(taken) : Promise.resolve();
    });

    expect(tried.map(([port]) => port)).toEqual([7233, 7233, 7233]);
    expect(new Set(tried.map(([, other]) => other)).size).toBe(3);
  });

  it.each([
    ['the wanted port is taken', [7233], taken],
    ['it fails for another reason', [undefined], new Error('disk full')],
  ])('does not try again when %s', async (_, wanted, failure) => {
    const start = jest.fn().mockRejectedValue(failure);

    await expect(onFreePorts(wanted, start)).rejects.toThrow(failure);

    expect(start).toHaveBeenCalledTimes(1);
  });
});
