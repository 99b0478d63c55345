import { finalStatus } from '../../../workflows/core/final-status';

describe('finalStatus', () => {
  it.each(['completed', 'failed'])(
    'returns the outcome %s for the status of that name',
    (status) => {
      expect(finalStatus(status)).toBe(status);
    },
  );

  it.each(['processing', 'cancelled', '', undefined])(
    'returns undefined for the status %p, which is not final',
    (status) => {
      expect(finalStatus(status)).toBeUndefined();
    },
  );
});
