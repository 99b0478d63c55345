import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';
import { readUploadBaseUrl } from './read-provider';

const uploads = describeVariables('Uploads', {
  BULK_UPLOAD_WEBHOOK_URL: {
    schema: value.callbackUrl.optional(),
    otherwise: 'the webhook under `PUBLIC_BASE_URL`',
    about: 'URL that the provider calls for an upload that names no `webhook_url`.',
  },
  UPLOAD_MAX_MB: {
    schema: value.wholeNumber(1, 100).default(10),
    about: 'Largest size of a file in MiB.',
  },
  SUPABASE_URL: {
    schema: value.httpUrl.optional(),
    otherwise: 'the provider checks the token',
    about:
      'URL of the Supabase project. Its published keys verify the tokens of users (RS256, ES256), ' +
      "and it is asked whether a user's email address is confirmed.",
  },
  SUPABASE_ANON_KEY: {
    schema: value.bearerToken.optional(),
    otherwise: 'required with `SUPABASE_URL`',
    about: 'Anon or publishable key of that project.',
  },
  SUPABASE_JWT_SECRET: {
    schema: value.verbatim.optional(),
    secret: true,
    about: 'Key of tokens that are signed by HS256.',
  },
  SUPABASE_JWT_ISSUER: {
    schema: value.text.optional(),
    otherwise: '`SUPABASE_URL` + `/auth/v1`; not checked without either',
    about: 'Issuer that a token must name.',
  },
  SUPABASE_AUTH_COOKIE_NAME: {
    schema: value.cookieName.optional(),
    about:
      'Cookie that may carry the token, or the session of @supabase/ssr, such as ' +
      '`sb-PROJECT-auth-token`.',
  },
  UPLOAD_ALLOWED_ORIGINS: {
    schema: value.originList.optional(),
    otherwise: 'the origin of `PUBLIC_BASE_URL`',
    about: 'Origins whose pages may upload with that cookie, separated by commas.',
  },
});

/** Everything here is optional: without the provider's URL there is no upload route. */
export function readUpload(reader: EnvironmentReader, publicBaseUrl: string | undefined) {
  const { read } = reader;
  const supabase = readSupabase(reader);
  const issuer = read(uploads.SUPABASE_JWT_ISSUER);
  const ownOrigins = publicBaseUrl ? [new URL(publicBaseUrl).origin] : [];
  return {
    baseUrl: readUploadBaseUrl(reader),
    callbackUrl: read(uploads.BULK_UPLOAD_WEBHOOK_URL),
    maxMegabytes: read(uploads.UPLOAD_MAX_MB),
    auth: {
      jwtSecret: read(uploads.SUPABASE_JWT_SECRET),
      supabase,
      issuer: issuer ?? (supabase && `${supabase.url}/auth/v1`),
      cookieName: read(uploads.SUPABASE_AUTH_COOKIE_NAME),
      allowedOrigins: read(uploads.UPLOAD_ALLOWED_ORIGINS) ?? ownOrigins,
    },
  };
}

function readSupabase({ read, fault }: EnvironmentReader) {
  const url = read(uploads.SUPABASE_URL);
  const anonKey = read(uploads.SUPABASE_ANON_KEY);
  if (!url) return undefined;
  if (!anonKey) fault('SUPABASE_ANON_KEY', 'is missing beside SUPABASE_URL');
  return { url, anonKey: anonKey ?? '' };
}
