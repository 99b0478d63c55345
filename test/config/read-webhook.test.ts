import { loadApiConfig } from '../../src/config/config';
import type { Environment } from '../../src/config/environment-reader';
import { NO_URL, apiFaults, padded } from '../support/configuration';

describe('readWebhook', () => {
  it.each([
    ['https://notify.example', 'https://notify.example'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://notify.example/a/b//', 'https://notify.example/a/b'],
    [padded('https://notify.example'), 'https://notify.example'],
  ])('reads the public URL %j', (value, expected) => {
    const config = loadApiConfig({ PUBLIC_BASE_URL: value });

    expect(config.publicBaseUrl).toBe(expected);
  });

  it.each([
    'notify.example',
    '/api',
    'https://',
    'ftp://notify.example',
    'javascript:alert(1)',
    'https://user@notify.example',
    'https://user:hunter2@notify.example',
    'https://notify.example?',
    'https://notify.example/?a=1',
    'https://notify.example/#',
    'https://notify.example/#a',
    'https://notify.example https://other.example',
    'https://notify.\nexample',
    'https://notify.example:99999',
  ])('refuses the public URL %j', (value) => {
    const faults = apiFaults({ PUBLIC_BASE_URL: value });

    expect(faults).toEqual([`PUBLIC_BASE_URL ${NO_URL}`]);
  });

  it.each<[string, Environment, string[]]>([
    ['none', {}, []],
    ['the current one', { WEBHOOK_SECRET_KEY: 'new' }, ['new']],
    ['both', { WEBHOOK_SECRET_KEY: 'new', WEBHOOK_SECRET_KEY_PREVIOUS: 'old' }, ['new', 'old']],
    ['one with its blanks', { WEBHOOK_SECRET_KEY: ' a b ' }, [' a b ']],
    [
      'one that is required',
      { WEBHOOK_SECRET_KEY: 'new', WEBHOOK_SIGNATURE_REQUIRED: 'yes' },
      ['new'],
    ],
    ['none from the old name', { BULK_UPLOAD_WEBHOOK_SECRET_KEY: 'new' }, []],
  ])('reads the webhook secrets: %s', (_what, environment, expected) => {
    const config = loadApiConfig(environment);

    expect(config.webhookSecrets).toEqual(expected);
  });

  it.each<[string, Environment, string]>([
    [
      'is required and missing',
      { WEBHOOK_SIGNATURE_REQUIRED: 'true' },
      'WEBHOOK_SECRET_KEY is missing, and signatures are required',
    ],
    [
      'is missing beside the previous one',
      { WEBHOOK_SECRET_KEY_PREVIOUS: 'old' },
      'WEBHOOK_SECRET_KEY is missing beside the previous one',
    ],
    ['is blank', { WEBHOOK_SECRET_KEY: ' \t' }, 'WEBHOOK_SECRET_KEY is blank'],
  ])('refuses to start when the webhook secret %s', (_what, environment, expected) => {
    const faults = apiFaults(environment);

    expect(faults).toEqual([expected]);
  });
});
