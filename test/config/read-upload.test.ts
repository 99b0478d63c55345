import { loadApiConfig } from '../../src/config/config';
import { NO_URL, apiFaults, padded, scratchFiles } from '../support/configuration';

const { file } = scratchFiles();

describe('readUpload', () => {
  it('reads every variable of uploads', () => {
    const { upload } = loadApiConfig({
      EMAIL_API_BASE_URL: padded('https://api.example/api/v1/'),
      BULK_UPLOAD_WEBHOOK_URL: padded('https://notify.example/hook?of=uploads'),
      UPLOAD_MAX_MB: padded('25'),
      SUPABASE_JWT_SECRET: ' a secret ',
      SUPABASE_URL: padded('https://project.supabase.co/'),
      SUPABASE_ANON_KEY: padded('sb_publishable_0123456789'),
      SUPABASE_JWT_ISSUER: padded('https://auth.example'),
      UPLOAD_ALLOWED_ORIGINS: padded('https://app.example/ , http://localhost:3000'),
      SUPABASE_AUTH_COOKIE_NAME: padded('sb-access-token'),
    });

    expect(upload).toEqual({
      baseUrl: 'https://api.example/api/v1',
      callbackUrl: 'https://notify.example/hook?of=uploads',
      maxMegabytes: 25,
      auth: {
        jwtSecret: ' a secret ',
        supabase: { url: 'https://project.supabase.co', anonKey: 'sb_publishable_0123456789' },
        issuer: 'https://auth.example',
        cookieName: 'sb-access-token',
        allowedOrigins: ['https://app.example', 'http://localhost:3000'],
      },
    });
  });

  it('derives the issuer from SUPABASE_URL and the origin from PUBLIC_BASE_URL by default', () => {
    const { upload } = loadApiConfig({
      SUPABASE_URL: 'https://project.supabase.co',
      SUPABASE_ANON_KEY: 'sb_publishable_0123456789',
      PUBLIC_BASE_URL: 'https://Notify.example/base',
    });

    expect(upload.auth).toMatchObject({
      issuer: 'https://project.supabase.co/auth/v1',
      allowedOrigins: ['https://notify.example'],
    });
  });

  it('refuses SUPABASE_URL without SUPABASE_ANON_KEY', () => {
    const faults = apiFaults({ SUPABASE_URL: 'https://project.supabase.co' });

    expect(faults).toEqual(['SUPABASE_ANON_KEY is missing beside SUPABASE_URL']);
  });

  it('reads SUPABASE_JWT_SECRET from a file', () => {
    const { upload } = loadApiConfig({ SUPABASE_JWT_SECRET_FILE: file('jwt', 'a secret\n') });

    expect(upload.auth.jwtSecret).toBe('a secret');
  });

  const NO_ORIGINS = 'must be origins with commas between, such as https://app.example';
  const NO_CALLBACK = 'must be an http or https URL without fragment';

  it.each<[string, string, string]>([
    ['EMAIL_API_BASE_URL', 'api.example', NO_URL],
    ['BULK_UPLOAD_WEBHOOK_URL', 'notify.example/hook', NO_CALLBACK],
    ['BULK_UPLOAD_WEBHOOK_URL', 'https://notify.example/#a', NO_CALLBACK],
    ['BULK_UPLOAD_WEBHOOK_URL', 'https://notify.example/a b', NO_CALLBACK],
    ['UPLOAD_MAX_MB', '0', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '101', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '1.5', 'must be a whole number from 1 to 100'],
    ['UPLOAD_MAX_MB', '10MB', 'must be a whole number from 1 to 100'],
    ['UPLOAD_ALLOWED_ORIGINS', 'app.example', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'https://app.example/path', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'https://app.example,*', NO_ORIGINS],
    ['UPLOAD_ALLOWED_ORIGINS', 'null', NO_ORIGINS],
    ['SUPABASE_JWT_SECRET', ' \t', 'is blank'],
    ['SUPABASE_AUTH_COOKIE_NAME', 'a=b', 'must be the name of a cookie'],
    ['SUPABASE_AUTH_COOKIE_NAME', 'a;b', 'must be the name of a cookie'],
  ])('refuses %s=%j', (name, value, message) => {
    const faults = apiFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });
});
