import { snakeCase } from '../../src/terminal/snake-case';

it('renames what is nested, and leaves values alone', () => {
  const data = {
    eventId: 'anId',
    attempts: [{ claimedAt: 'x', reply: null }],
    nextCursor: undefined,
  };

  expect(snakeCase(data)).toEqual({
    event_id: 'anId',
    attempts: [{ claimed_at: 'x', reply: null }],
    next_cursor: undefined,
  });
});
