import { createArrivals } from '../instruments/arrivals';
import { atPace } from '../instruments/pace';

const IDS = Array.from({ length: 10 }, (_, index) => `id-${index}`);

describe('atPace', () => {
  it('keeps at most that many under way', async () => {
    let underWay = 0;
    let maxUnderWay = 0;
    const send = async () => {
      maxUnderWay = Math.max(maxUnderWay, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 5));
      underWay -= 1;
      return 0;
    };

    const sent = await atPace(IDS, { atOnce: 3, until: 'answered' }, send, neverMailed);

    expect(maxUnderWay).toBe(3);
    expect(sent.answeredMs).toHaveLength(IDS.length);
  });

  it('waits for the mail before the next one', async () => {
    const arrivals = createArrivals();
    const order: string[] = [];
    const send = (id: string) => {
      order.push(`sent ${id}`);
      setTimeout(() => {
        order.push(`mailed ${id}`);
        arrivals.record(id, Date.now());
      }, 2);
      return Promise.resolve(0);
    };

    await atPace(['a', 'b'], { atOnce: 1, until: 'mailed' }, send, arrivals.of);

    expect(order).toEqual(['sent a', 'mailed a', 'sent b', 'mailed b']);
  });

  it('measures from the due time of a notification', async () => {
    const sent = await atPace(
      IDS.slice(0, 4),
      { perSecond: 100 },
      () => Promise.resolve(0),
      neverMailed,
    );

    const gaps = sent.sentAt.slice(1).map((at, index) => at - sent.sentAt[index]!);
    expect(gaps).toEqual([10, 10, 10]);
  });

  it('sums the retries', async () => {
    const sent = await atPace(
      IDS,
      { atOnce: 2, until: 'answered' },
      () => Promise.resolve(2),
      neverMailed,
    );

    expect(sent.retried).toBe(20);
  });
});

function neverMailed(): Promise<void> {
  throw new Error('no mail is expected');
}
