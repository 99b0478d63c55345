import { parseFilter } from '../../src/operator/notification-filter';
import { readCursor, writeCursor } from '../../src/operator/page-cursor';
import { newEventId } from '../support/ledger-on-postgres';

const now = new Date('2026-03-10T12:00:00Z');

describe('parseFilter', () => {
  it.each([
    [{}, {}],
    [{ state: '', file: undefined }, {}],
    [
      { state: 'parked', reason: 'gave_up', outcome: 'failed' },
      { state: 'parked', reason: 'gave_up', outcome: 'failed' },
    ],
    [
      { user: 'u-1', file: ' a"%' },
      { userId: 'u-1', fileName: ' a"%' },
    ],
    [{ from: '24h' }, { createdFrom: '2026-03-09T12:00:00.000Z' }],
    [
      { from: '7d', to: '30m' },
      { createdFrom: '2026-03-03T12:00:00.000Z', createdTo: '2026-03-10T11:30:00.000Z' },
    ],
    [{ from: '2026-02-28' }, { createdFrom: '2026-02-28T00:00:00.000Z' }],
    [{ to: '2026-02-28T10:00:00+02:00' }, { createdTo: '2026-02-28T08:00:00.000Z' }],
    [{ from: '0001-01-01' }, { createdFrom: '0001-01-01T00:00:00.000Z' }],
    [{ file: '😀.csv' }, { fileName: '😀.csv' }],
  ])('reads %j', (fields, filter) => {
    expect(parseFilter(fields, now)).toEqual({ filter });
  });

  it.each([
    [{ state: 'delivered' }, ['state: must be waiting, sending, sent, parked']],
    [{ reason: 'not_file_backed' }, [expect.stringContaining('reason: must be recipient_missing')]],
    [{ outcome: 'done' }, ['outcome: must be completed or failed']],
    [{ user: 'a b' }, ['user: must be the ID of a user']],
    [{ file: 'a\0' }, [expect.stringContaining('file: must be a part of a file name')]],
    [{ file: 'a\ud83d' }, [expect.stringContaining('file: must be a part of a file name')]],
    [{ from: '0000-12-31' }, [expect.stringContaining('from: must be a date')]],
    [{ to: '0001-01-01T00:00:00+01:00' }, [expect.stringContaining('to: must be a date')]],
    [{ to: '9999-12-31T23:59:59-01:00' }, [expect.stringContaining('to: must be a date')]],
    [{ from: '2026-02-30' }, [expect.stringContaining('from: must be a date')]],
    [{ from: 'yesterday', to: '1y' }, [expect.any(String), expect.any(String)]],
    [{ status: 'parked' }, ['status: is no filter']],
  ])('refuses %j', (fields, faults) => {
    expect(parseFilter(fields, now)).toEqual({ faults });
  });
});

describe('a cursor', () => {
  it('is read as it was written', () => {
    const position = { createdAtMicros: '1773144000123456', eventId: newEventId('failed') };

    expect(readCursor(writeCursor(position))).toEqual(position);
  });

  it.each(['', '1', '1.x.failed', '1;drop'])('is refused: %j', (text) => {
    expect(readCursor(text)).toBeUndefined();
  });
});
