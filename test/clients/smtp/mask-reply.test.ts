import { maskReply } from '../../../src/clients/smtp/mask-reply';

function mask(text: string, change: Partial<Parameters<typeof maskReply>[1]> = {}) {
  return maskReply(text, {
    recipient: 'full@example.org',
    username: 'relay',
    password: 'hunter2',
    ...change,
  });
}

describe('maskReply', () => {
  it.each([
    ['552 5.2.2 Mailbox full', '552 5.2.2 Mailbox full'],
    ['552 5.2.2 The mailbox is full.', '552 5.2.2 The mailbox is full.'],
    ['552 5.2.2 <full> is full', '552 5.2.2 <address> is full'],
    ['552 5.2.2 "full" is full', '552 5.2.2 "<address>" is full'],
    ["552 5.2.2 `full' is full", "552 5.2.2 `full' is full"],
    ['552 5.2.2 full... Mailbox full', '552 5.2.2 <address> Mailbox full'],
    ['552 5.2.2 FULL@Example.org: full', '552 5.2.2 <address>: full'],
    ['552 5.2.2 <full@example.org> full', '552 5.2.2 <address> full'],
    ['552 5.2.2 <hopefull@example.org> full', '552 5.2.2 <address> full'],
    ['552 5.2.2 full@example.organic full', '552 5.2.2 <address> full'],
    ['550 5.7.1 Relay access denied', '550 5.7.1 Relay access denied'],
    ['535 5.7.8 <relay> was refused', '535 5.7.8 <credentials> was refused'],
    ['535 5.7.8 hunter2hunter2', '535 5.7.8 <credentials><credentials>'],
  ])('turns %j into %j', (said, told) => {
    expect(mask(said)).toBe(told);
  });

  it.each([
    ['jane.doe', 'jane.doe unknown', '<address> unknown'],
    ['jane2', 'unknown user: Jane2', 'unknown user: <address>'],
    ['a+b', 'a+b unknown', '<address> unknown'],
    ['"a b"', '<"a b"@example.org>, "a b"@example.org', '<address>, <address>'],
  ])('masks the local part %j, which is not an ordinary word', (local, said, told) => {
    expect(mask(`550 ${said}`, { recipient: `${local}@example.org` })).toBe(`550 ${told}`);
  });

  it('masks a user name that is not an ordinary word everywhere', () => {
    expect(mask('535 user=smtp-7 x', { username: 'smtp-7' })).toBe('535 user=<credentials> x');
  });

  it('masks nothing else', () => {
    const nothing = { recipient: '', username: '', password: '' };

    expect(mask('550 5.1.1 no such user', nothing)).toBe('550 5.1.1 no such user');
  });
});
