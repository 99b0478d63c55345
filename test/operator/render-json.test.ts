import { concealAddresses } from '../../src/operator/conceal-addresses';
import { renderJson } from '../../src/operator/render-json';

describe('renderJson', () => {
  it('names every field in snake_case, at any depth, and keeps the values', () => {
    const data = {
      eventId: 'a:B',
      sentCount: 0,
      wait: { giveUpAt: null },
      attempts: [{ id: 'x' }],
    };

    const json = renderJson(data);

    expect(json).toEqual({
      ...{ event_id: 'a:B', sent_count: 0 },
      ...{ wait: { give_up_at: null }, attempts: [{ id: 'x' }] },
    });
  });
});

describe('concealAddresses', () => {
  it.each([
    ['a recipient', { recipient: 'jane@example.org' }, { recipient: 'j…@example.org' }],
    [
      'a recipient that is no usual address',
      { recipient: '"jane doe"@example.org' },
      { recipient: '"…@example.org' },
    ],
    [
      'an address within a text, at any depth',
      { resends: [{ requestedBy: 'Jane <jane@example.org>', reason: null }] },
      { resends: [{ requestedBy: 'Jane <j…@example.org>', reason: null }] },
    ],
  ])('masks %s', (_what, data, concealed) => {
    expect(concealAddresses(data)).toEqual(concealed);
  });

  it('keeps what only looks like an address of a person', () => {
    const data = {
      messageId: '<a.0@sender.example>',
      fileName: 'leads@2026.csv',
      requestId: 'a@b.c',
    };

    expect(concealAddresses(data)).toEqual(data);
  });
});
