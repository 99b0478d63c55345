import { isLoopback, parseWebhookUrl } from '../../src/upload/webhook-url';

const REFUSED = { code: 'webhook_url_invalid', detail: 'webhook_url must be an https URL' };

const LOOPBACK = [
  'localhost',
  'LOCALHOST.',
  'app.localhost',
  '%6cocalhost',
  '\uff4cocalhost',
  '127.0.0.1',
  '127.1',
  '127.255.0.1.',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '\u2460\u2461\u2466.\u24ea.\u24ea.\u2460',
  '0.0.0.0',
  '0',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f01:203]',
  '[::ffff:0.0.0.0]',
  '[64:ff9b::127.0.0.1]',
];

describe('parseWebhookUrl', () => {
  it.each(LOOPBACK)('refuses the loopback host %j', (host) => {
    const parsed = ['http', 'https'].map((scheme) =>
      parseWebhookUrl(`${scheme}://${host}:8080/hook`, { allowLoopback: false }),
    );

    expect(parsed).toEqual([REFUSED, REFUSED]);
  });

  describe.each([false, true])('with allowLoopback %j', (allowLoopback) => {
    it.each([
      'https://user:secret@customer.example/hook',
      'https://user@customer.example/hook',
      'https://@customer.example/hook',
      'https://localhost@customer.example/hook',
      'https:\\\\customer.example\\hook',
      'https:/\\customer.example/hook',
      'https://customer.example\\@evil.example/',
      'https:customer.example/hook',
      'https:/customer.example/hook',
      'https:///customer.example/hook',
      'https:customer.example//hook',
      '//customer.example/hook',
      'http://customer.example/hook',
      'http://10.0.0.1/hook',
      'http://169.254.169.254/latest',
      'http://localhost.example/hook',
      'http://127.0.0.1.example/hook',
      'ftp://customer.example/hook',
      'javascript:alert(1)',
      'customer.example/hook',
      '/hook',
      'https://',
      'https://customer.example:99999/',
      'https://customer.example/a b',
      'https://customer.example/\r\nX: y',
      'https://customer.example/\thook',
      'https://customer.example/a\u0000',
      `https://customer.example/${'a'.repeat(2_048)}`,
      // Within the limit as given, beyond it when normalised.
      `https://customer.example/${'ü'.repeat(500)}`,
    ])('refuses %j', (url) => {
      const parsed = parseWebhookUrl(url, { allowLoopback });

      expect(parsed).toEqual(REFUSED);
    });
  });

  it.each(['/', '\\', '@', ':', 'https://', '[', '%'])(
    'refuses 500,000 times %j in little time',
    (piece) => {
      const parsed = parseWebhookUrl(`https://${piece.repeat(500_000)}`, { allowLoopback: false });

      expect(parsed).toEqual(REFUSED);
    },
  );
});

describe('isLoopback', () => {
  it.each([
    'https://customer.example',
    'https://notlocalhost',
    'https://localhost.example',
    'https://128.0.0.1',
    'https://10.0.0.1',
    'https://[2001:db8::7f00:1]',
    'https://[::ffff:8.8.8.8]',
  ])('is not %j', (url) => {
    const loopback = isLoopback(url);

    expect(loopback).toBe(false);
  });
});
