import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from '../contenders/contender';
import { createArrivals } from '../instruments/arrivals';
import { relayUse } from '../measure/relay-use';
import { webhookTo250 } from '../measure/webhook-to-250';
import type { Stage } from '../stage';

describe('relayUse', () => {
  it('divides the connections and handshakes of the work by its mails', async () => {
    const counts = { connections: 7, handshakes: 5, mails: 100 };
    const relay = { call: () => Promise.resolve({ ...counts }) };
    const work = () => {
      counts.connections += 4;
      counts.handshakes += 2;
      counts.mails += 20;
      return Promise.resolve('done');
    };

    const used = await relayUse({ relay } as unknown as Stage, 'at full rate', work);

    expect(used).toEqual([
      'done',
      [
        { name: 'connections a mail, at full rate', value: 0.2 },
        { name: 'handshakes a mail, at full rate', value: 0.1 },
      ],
    ]);
  });
});

describe('webhookTo250', () => {
  it('counts a mail that does not come in time as the time', async () => {
    // given
    const arrivals = createArrivals();
    const stage = {
      arrivals,
      newTasks: () => Promise.resolve(['quick', 'slow', 'never']),
    } as unknown as Stage;
    const contender = {
      async send() {
        const now = Date.now();
        arrivals.record('quick', now + 7);
        void delay(30).then(() => arrivals.record('slow', now + 30));
        return Promise.resolve({ sentAt: [now, now, now] });
      },
    } as unknown as Contender;

    // when
    const ms = await webhookTo250(stage, contender, { count: 3, perSecond: 5, maxMs: 200 });

    // then
    expect(ms).toEqual([7, 30, 200]);
  });
});
