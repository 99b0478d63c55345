import { bulkPreviewText } from '../../src/terminal/bulk-text';
import { leftAlone } from '../support/memory-bulks';

describe('bulkPreviewText', () => {
  it('says how many would be sent and how many are left alone', () => {
    const text = bulkPreviewText({
      ...{ count: 2_000, isCapped: false, sample: [] },
      leftAlone: leftAlone(10, { uncertain: 1 }),
    });

    expect(text.split('\n')).toEqual([
      '2,000 would be sent.',
      '10 were sent before: left alone.',
      '1 may have been sent: left alone.',
    ]);
  });

  it('marks each count that ended at its limit', () => {
    const text = bulkPreviewText({
      ...{ count: 10_000, isCapped: true, sample: [] },
      leftAlone: leftAlone(10_000, {
        ...{ isAlreadySentCapped: true, uncertain: 10_000, isUncertainCapped: true },
      }),
    });

    expect(text.split('\n')).toEqual([
      '10,000+ would be sent.',
      '10,000+ were sent before: left alone.',
      '10,000+ may have been sent: left alone.',
    ]);
  });
});
