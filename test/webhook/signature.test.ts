import { createHmac } from 'node:crypto';
import { matchingSecret } from '../../src/webhook/signature';

const CURRENT = 'current secret';
const PREVIOUS = 'previous secret';

const hex = (body: Buffer, secret: string) =>
  createHmac('sha256', secret).update(body).digest('hex');
const sign = (body: Buffer, secret: string) => `sha256=${hex(body, secret)}`;

describe('matchingSecret', () => {
  it('verifies the published test vector', () => {
    const body = Buffer.from('Hello, World!');
    const header = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';

    const index = matchingSecret(body, header, ["It's a Secret to Everybody"]);

    expect(index).toBe(0);
  });

  it.each([
    ['the current one', CURRENT, 0],
    ['the previous one', PREVIOUS, 1],
    ['neither of them', 'some other secret', -1],
    ['the current one with a blank after it', `${CURRENT} `, -1],
    ['the empty one', '', -1],
  ])('returns the index of the secret when %s signed', (_what, secret, expected) => {
    const body = Buffer.from('{"event_type":"email_verification_completed"}');

    const index = matchingSecret(body, sign(body, secret), [CURRENT, PREVIOUS]);

    expect(index).toBe(expected);
  });

  it.each([
    ['blanks only', ' \t '],
    ['letters beyond ASCII', 'Schlüssel-鍵-🔑'],
    ['more than a hash block', 'x'.repeat(1_000)],
  ])('uses the UTF-8 bytes of a secret of %s', (_what, secret) => {
    const body = Buffer.from('{}');
    const header = `sha256=${createHmac('sha256', Buffer.from(secret)).update(body).digest('hex')}`;

    const index = matchingSecret(body, header, [secret]);

    expect(index).toBe(0);
  });

  it('returns -1 without secrets', () => {
    const body = Buffer.from('{}');

    const index = matchingSecret(body, sign(body, ''), []);

    expect(index).toBe(-1);
  });

  it.each([
    ['one more byte at the end', Buffer.from('{"a":1}\n')],
    ['the same JSON with a space', Buffer.from('{"a": 1}')],
    ['a byte order mark before it', Buffer.from('\ufeff{"a":1}')],
    ['an empty body', Buffer.alloc(0)],
  ])('returns -1 for a signature over other bytes: %s', (_what, received) => {
    const signed = Buffer.from('{"a":1}');

    const index = matchingSecret(received, sign(signed, CURRENT), [CURRENT]);

    expect(index).toBe(-1);
  });

  it('distinguishes invalid UTF-8 from the replacement character of a decoder', () => {
    const received = Buffer.from([0x7b, 0xff, 0x7d]);
    const decoded = Buffer.from(received.toString('utf8'));

    const exact = matchingSecret(received, sign(received, CURRENT), [CURRENT]);
    const repaired = matchingSecret(received, sign(decoded, CURRENT), [CURRENT]);

    expect([exact, repaired]).toEqual([0, -1]);
  });

  const body = Buffer.from('{}');
  const digest = hex(body, CURRENT);

  it.each([
    ['blanks around it', `  sha256=${digest}\t`],
    ['nothing around it', `sha256=${digest}`],
  ])('accepts a header with %s', (_what, header) => {
    const index = matchingSecret(body, header, [CURRENT]);

    expect(index).toBe(0);
  });

  it.each([
    ['is empty', ''],
    ['is a blank', ' '],
    ['has no scheme', digest],
    ['has no digest', 'sha256='],
    ['names its scheme in capitals', `SHA256=${digest}`],
    ['names another scheme', `sha1=${digest}`],
    ['has its digest in capitals', `sha256=${digest.toUpperCase()}`],
    ['has a blank after the scheme', `sha256= ${digest}`],
    ['is one digit short', `sha256=${digest.slice(1)}`],
    ['is one digit long', `sha256=${digest}0`],
    ['is half as long', `sha256=${digest.slice(32)}`],
    ['is twice as long', `sha256=${digest}${digest}`],
    ['ends in letters that are not hexadecimal', `sha256=${digest.slice(2)}zz`],
    ['is too short and not hexadecimal', 'sha256=zz12'],
    ['holds letters beyond ASCII', `sha256=${digest.slice(1)}é`],
    ['is base64', `sha256=${Buffer.from(digest, 'hex').toString('base64')}`],
    ['is two headers joined', `sha256=${digest}, sha256=${digest}`],
    ['goes on after a line end', `sha256=${digest}\nsha256=${digest}`],
  ])('returns -1 for a header that %s', (_what, header) => {
    const index = matchingSecret(body, header, [CURRENT]);

    expect(index).toBe(-1);
  });
});
