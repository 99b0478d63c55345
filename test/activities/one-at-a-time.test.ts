import { createOneAtATime } from '../../activities/send/one-at-a-time';

const never = () => new AbortController().signal;

/** An attempt that ends when the test says so. */
function held() {
  let end!: (value: string) => void;
  let fail!: (error: Error) => void;
  const ended = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  return { attempt: () => ended, end, fail };
}

/** Long enough for whatever need not wait for the test. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('begins an attempt when the one before it has ended', async () => {
  const oneAtATime = createOneAtATime();
  const first = held();
  const begun: string[] = [];
  const next = (name: string) => async () => {
    begun.push(name);
    await settled();
    begun.push(`${name} ended`);
    return name;
  };

  const ends = [
    oneAtATime('event', never(), first.attempt),
    oneAtATime('event', never(), next('second')),
    oneAtATime('event', never(), next('third')),
  ];
  await settled();
  expect(begun).toEqual([]);

  first.end('first');
  expect(await Promise.all(ends)).toEqual(['first', 'second', 'third']);
  expect(begun).toEqual(['second', 'second ended', 'third', 'third ended']);
});

it('begins an attempt when the one before it has failed', async () => {
  const oneAtATime = createOneAtATime();
  const first = held();
  const ended = oneAtATime('event', never(), first.attempt);
  const next = oneAtATime('event', never(), () => Promise.resolve('second'));

  first.fail(new Error('refused'));

  await expect(ended).rejects.toThrow('refused');
  expect(await next).toBe('second');
});

it('does not wait for the attempt of another notification', async () => {
  const oneAtATime = createOneAtATime();
  const first = held();
  const ended = oneAtATime('event', never(), first.attempt);

  expect(await oneAtATime('other', never(), () => Promise.resolve('other'))).toBe('other');

  first.end('first');
  await ended;
});

it('begins nothing when it is stopped before the attempt under way has ended', async () => {
  const oneAtATime = createOneAtATime();
  const first = held();
  const ended = oneAtATime('event', never(), first.attempt);
  const stop = new AbortController();
  const attempt = jest.fn(() => Promise.resolve('second'));
  const next = oneAtATime('event', stop.signal, attempt);

  stop.abort();

  expect(await next).toBeUndefined();
  expect(await oneAtATime('event', stop.signal, attempt)).toBeUndefined();
  expect(attempt).not.toHaveBeenCalled();
  first.end('first');
  expect(await ended).toBe('first');
});
