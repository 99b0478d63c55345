import { parseWebhookUrl } from '../../src/upload/webhook-url';

describe('parseWebhookUrl', () => {
  it.each([undefined, '', ' \n'])('finds none in %j', (given) => {
    const parsed = parseWebhookUrl(given);

    expect(parsed).toEqual({});
  });

  it.each([
    'https://customer.example/hook',
    'https://customer.example:8443/hook?a=1&b=%20#c',
    'HTTPS://customer.example',
    'http://localhost:3000/hook',
    'http://app.localhost/hook',
    'http://127.0.0.1/hook',
    'http://127.1.2.3/hook',
    'http://[::1]:3000/hook',
  ])('takes %j as it is', (url) => {
    const parsed = parseWebhookUrl(` ${url}\n`);

    expect(parsed).toEqual({ webhookUrl: url });
  });

  it.each([
    'http://customer.example/hook',
    'http://10.0.0.1/hook',
    'http://169.254.169.254/latest',
    'http://localhost.example/hook',
    'http://127.0.0.1.example/hook',
    'http://0.0.0.0/hook',
    'ftp://customer.example/hook',
    'javascript:alert(1)',
    'customer.example/hook',
    '/hook',
    'https://',
    'https://customer.example:99999/',
    'https://customer.example/a b',
    'https://customer.example/\r\nX: y',
    'https://customer.example/a\u0000',
    `https://customer.example/${'a'.repeat(2_048)}`,
  ])('refuses %j', (url) => {
    const parsed = parseWebhookUrl(url);

    expect(parsed).toEqual({
      code: 'webhook_url_invalid',
      detail: 'webhook_url must be an https URL',
    });
  });
});
