import { describeVariables, optional } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const provider = describeVariables('Provider', {
  EMAIL_API_BASE_URL: {
    schema: value.httpUrl,
    about:
      'Base URL of the API that verifies, such as `https://api.boltroute.ai/api/v1`. It is asked ' +
      'directly: `HTTPS_PROXY` and `NODE_USE_ENV_PROXY` have no effect.',
  },
  EXTERNAL_API_ADMIN_KEY: {
    schema: value.text.optional(),
    secret: true,
    otherwise: 'the first key of `DEV_API_KEYS`; one of them is required',
    about: 'API key that may read every task.',
  },
  DEV_API_KEYS: {
    schema: value.keyList.default([]),
    secret: true,
    otherwise: 'none',
    about: 'API keys for development, as `a,b` or `["a","b"]`.',
  },
});

/** Where the tasks of all users are read. */
export function readTaskApi(reader: EnvironmentReader) {
  return { baseUrl: reader.read(provider.EMAIL_API_BASE_URL), key: readKey(reader) };
}

/** Where users' files are uploaded. */
export function readUploadBaseUrl({ read }: EnvironmentReader): string | undefined {
  return read(optional(provider.EMAIL_API_BASE_URL, 'no upload route'));
}

function readKey({ read, fault }: EnvironmentReader): string {
  const adminKey = read(provider.EXTERNAL_API_ADMIN_KEY);
  const [devKey] = read(provider.DEV_API_KEYS) ?? [];
  const key = adminKey ?? devKey;
  if (!key) fault('EXTERNAL_API_ADMIN_KEY', 'is missing (and DEV_API_KEYS has no key)');
  return key ?? '';
}
