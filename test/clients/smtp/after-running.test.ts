import { setImmediate as turn } from 'node:timers/promises';
import { afterRunning } from '../../../src/clients/smtp/after-running';
import { until } from '../../../tools/sandbox/until';
import { stall } from '../../support/stall';

describe('afterRunning', () => {
  it('takes a stall for a part of the time only', async () => {
    const callback = jest.fn();
    afterRunning(200, callback);

    for (const _ of [1, 2, 3]) {
      stall(250);
      await turn();
      await turn();
    }

    expect(callback).not.toHaveBeenCalled();
    await until('it calls back', () => callback.mock.calls.length > 0);
  });

  it('calls back once', async () => {
    const callback = jest.fn();
    const calls = () => callback.mock.calls.length;
    const later = jest.fn();
    afterRunning(20, callback);
    await until('it calls back', () => calls() > 0);
    afterRunning(40, later);
    await until('twice the time is over', () => later.mock.calls.length > 0);

    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('does not call back once it is cancelled', async () => {
    const callback = jest.fn();
    const later = jest.fn();
    const cancel = afterRunning(20, callback);
    cancel();
    afterRunning(40, later);
    await until('twice the time is over', () => later.mock.calls.length > 0);

    expect(callback).not.toHaveBeenCalled();
  });
});
