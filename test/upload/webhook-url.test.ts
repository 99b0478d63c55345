import { parseWebhookUrl } from '../../src/upload/webhook-url';

describe('parseWebhookUrl', () => {
  it.each([undefined, '', ' \n'])('returns no URL for %j', (given) => {
    const parsed = parseWebhookUrl(given, { allowLoopback: false });

    expect(parsed).toEqual({});
  });

  it.each([
    ['https://customer.example/hook', 'https://customer.example/hook'],
    [
      'https://customer.example:8443/hook?a=1&b=%20#c',
      'https://customer.example:8443/hook?a=1&b=%20#c',
    ],
    ['HTTPS://Customer.EXAMPLE', 'https://customer.example/'],
    ['https://customer.example:443/a/../b', 'https://customer.example/b'],
    ['https://kündin.example/ü', 'https://xn--kndin-kva.example/%C3%BC'],
    ['https://10.0.0.1/hook?mail=a@b', 'https://10.0.0.1/hook?mail=a@b'],
  ])('normalizes %j', (given, webhookUrl) => {
    const parsed = parseWebhookUrl(` ${given}\n`, { allowLoopback: false });

    expect(parsed).toEqual({ webhookUrl });
  });

  it.each([
    ['http://localhost:3000/hook', 'http://localhost:3000/hook'],
    ['http://app.localhost', 'http://app.localhost/'],
    ['http://127.1/hook', 'http://127.0.0.1/hook'],
    ['http://[::1]:3000/hook', 'http://[::1]:3000/hook'],
    ['https://localhost/hook', 'https://localhost/hook'],
  ])('accepts %j in development', (given, webhookUrl) => {
    const parsed = parseWebhookUrl(given, { allowLoopback: true });

    expect(parsed).toEqual({ webhookUrl });
  });
});
