import fc from 'fast-check';
import { parseAddress } from '../../activities/recipient/recipient-address';

const LONG_LABEL = 'a'.repeat(63);

describe('parseAddress', () => {
  it.each([
    ['jane@example.org', 'jane@example.org'],
    ['  jane@example.org\r\n', 'jane@example.org'],
    ['\u001fjane@example.org\u0085', 'jane@example.org'],
    ['Jane.Doe+tag@Example.ORG', 'Jane.Doe+tag@example.org'],
    ["!#$%&'*+-/=?^_`{|}~@example.org", "!#$%&'*+-/=?^_`{|}~@example.org"],
    ['jane@x-1.example', 'jane@x-1.example'],
    ['jane@xn--bcher-kva.example', 'jane@xn--bcher-kva.example'],
    ['jane@bücher.example', 'jane@xn--bcher-kva.example'],
    ['jane@BÜCHER。example', 'jane@xn--bcher-kva.example'],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    [`${' '.repeat(2_000)}jane@example.org${'\t'.repeat(2_000)}`, 'jane@example.org'],
    ['<jane@example.org>', 'jane@example.org'],
    ['Jane <jane@example.org>', 'jane@example.org'],
    ['Jane \u{1f469}\u200d\u{1f4bb}<jane@example.org>', 'jane@example.org'],
    ['"Doe, Jane \\"JD\\"" <jane@example.org>', 'jane@example.org'],
    ['"Jane <x@evil.example>" <jane@example.org>', 'jane@example.org'],
    ['"jane doe"@example.org', '"jane doe"@example.org'],
    ['Jane <"jane doe"@example.org>', '"jane doe"@example.org'],
    ['"jane"@example.org', 'jane@example.org'],
    ['"j\\a\\ne"@example.org', 'jane@example.org'],
    ['"a\\"\\\\b"@example.org', '"a\\"\\\\b"@example.org'],
    ['"jane,doe;(x)."@example.org', '"jane,doe;(x)."@example.org'],
    ['".jane..doe"@example.org', '".jane..doe"@example.org'],
    [`jane@${LONG_LABEL}.org`, `jane@${LONG_LABEL}.org`],
  ])('takes %j', (text, address) => {
    expect(parseAddress(text)).toEqual({ address });
  });

  it.each([
    ['jörg@example.org', 'jörg@example.org'],
    ['用户@例え.jp', '用户@xn--r8jz45g.jp'],
    ['"用 户"@example.org', '"用 户"@example.org'],
    [`${'ö'.repeat(32)}@example.org`, `${'ö'.repeat(32)}@example.org`],
  ])('takes %j, which needs SMTPUTF8', (text, address) => {
    expect(parseAddress(text)).toEqual({ address, smtpUtf8: true });
  });

  it.each([
    '',
    ' \r\n',
    'jane',
    '@',
    'jane@',
    '@example.org',
    'a@b@example.org',
    'a@example.org, b@example.org',
    'a@example.org;b@example.org',
    'a@example.org b@example.org',
    'jane@localhost',
    'jane@example',
    'Jane < jane@example.org>',
    'Jane <jane@example.org> x',
    'Jane <jane@example.org',
    'jane@example.org>',
    'Jane <>',
    '<<jane@example.org>>',
    'Doe, Jane <jane@example.org>',
    'Jane <jane@example.org>, Joe <joe@example.org>',
    'Jane <jane@example.org>; Joe <joe@example.org>',
    'joe@example.org <jane@example.org>',
    'Jane (x) <jane@example.org>',
    '"Jane <jane@example.org>',
    'Jane\r\nBcc: x <jane@example.org>',
    'Team: a@example.org;',
    'Team: Jane <a@example.org>',
    '""@example.org',
    '" "@example.org',
    '" jane"@example.org',
    '"jane\\ "@example.org',
    '"jane@example.org',
    '"jane"doe@example.org',
    '"jane\\"@example.org',
    '"jane"x"@example.org',
    '"jane>"@example.org',
    '"jane\\>"@example.org',
    '"<jane"@example.org',
    '"jane@evil.example"@example.org',
    '"x>\r\nRCPT TO:<evil"@example.org',
    '"x> NOTIFY=NEVER <"@example.org',
    '"x\u0000"@example.org',
    '"evil@evil.example>,<"@example.org',
    '"jane> SIZE=1\r\nRCPT TO:<x"@example.org',
    '"jane\u0000"@example.org',
    '"jane\u001f"@example.org',
    '"jane\\\r\n"@example.org',
    '"jane\u00a0"@example.org',
    '"jane\u200b"@example.org',
    `"${'a '.repeat(32)}"@example.org`,
    `${'Jane '.repeat(200)}<jane@example.org>`,
    'jane doe@example.org',
    'jane\r\nBcc: x@example.org',
    'jane@example.org\r\nRCPT TO:<x@example.org>',
    'jane\u0000@example.org',
    'jane\u202e@example.org',
    'jane\u200b@example.org',
    'jane\ud800@example.org',
    'jane(comment)@example.org',
    'jane\\@example.org',
    'jane,doe@example.org',
    '.jane@example.org',
    'jane.@example.org',
    'jane..doe@example.org',
    'jane@example..org',
    'jane@.example.org',
    'jane@example.org.',
    'jane@-example.org',
    'jane@example-.org',
    'jane@exa_mple.org',
    'jane@[127.0.0.1]',
    'jane@127.0.0.1',
    'jane@１２７.０.０.１',
    'jane@0x7f',
    'jane@example.org/evil',
    'jane@example.org?x',
    'jane@example.org#x',
    'jane@evil%2eorg',
    'jane@bücher.org:25',
    'jane@bü/cher.org',
    'jane@xn--\u00fc.org',
    'mailto:jane@example.org',
    `${'a'.repeat(65)}@example.org`,
    `${'ö'.repeat(33)}@example.org`,
    `jane@${'a'.repeat(64)}.org`,
    `jane@${`${LONG_LABEL}.`.repeat(4)}org`,
  ])('gives a reason for %j', (text) => {
    expect(parseAddress(text)).toEqual({ reason: expect.any(String) });
  });

  it('never gives the address away in its reason', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (word) => {
        const parsed = parseAddress(`secret-${word}@ex ample`);
        expect('reason' in parsed && parsed.reason).not.toContain('secret');
      }),
    );
  });

  it('finds one plain address or none, whatever the text', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.emailAddress(),
      fc.stringMatching(/^[a-z@.,;<>"\r\n ü-]{1,30}$/),
      fc.stringMatching(/^"[a-z@.,;<>"\\\r\n ü-]{1,20}"@example\.org$/),
      fc.stringMatching(/^[a-z",\\ ]{1,10}<["\\a-z@ ]{1,10}@example\.org>$/),
    );
    fc.assert(
      fc.property(text, (text) => {
        const parsed = parseAddress(text);
        if ('reason' in parsed) return;
        expect(parsed.address).toMatch(
          /^(?:[^\s@<>,;:()"\\[\]\p{C}]+|"(?:[^"\\<>@\p{C}]|\\["\\])+")@[a-z\d.-]+$/u,
        );
        expect(parseAddress(parsed.address)).toEqual(parsed);
      }),
      { numRuns: 2000 },
    );
  });
});
