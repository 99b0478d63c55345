import { FILTER_OPTIONS, readFilter } from '../../src/commands/filter-options';

describe('the help of the filters', () => {
  const [, examples = ''] = FILTER_OPTIONS.from.about.split(': ');

  it.each(examples.split(', '))('names %s as an example that is accepted', (from) => {
    expect(readFilter({ from })).toEqual({ createdFrom: expect.any(String) as string });
  });
});
