import type { Environment } from '../../src/config/environment-reader';
import { NO_URL, padded, worker, workerFaults } from '../support/configuration';

const NO_LIST = 'must be keys with commas between, or a JSON list of them';

describe('readTaskApi', () => {
  it.each<[string, Environment, string]>([
    ['the admin key, trimmed', { EXTERNAL_API_ADMIN_KEY: padded('admin') }, 'admin'],
    ['the admin key before a dev key', { EXTERNAL_API_ADMIN_KEY: 'a', DEV_API_KEYS: 'b' }, 'a'],
    ['the only dev key', { DEV_API_KEYS: 'a' }, 'a'],
    ['the first of several dev keys', { DEV_API_KEYS: ' a , b' }, 'a'],
    ['the first that is not blank', { DEV_API_KEYS: ' ,, b,c' }, 'b'],
    ['the first of a JSON list', { DEV_API_KEYS: '["a", "b"]' }, 'a'],
    ['the first of a JSON list that is not blank', { DEV_API_KEYS: ' [" ", " b "] ' }, 'b'],
    ['a dev key beside an empty admin key', { EXTERNAL_API_ADMIN_KEY: '', DEV_API_KEYS: 'a' }, 'a'],
  ])('reads the API key: %s', (_what, change, expected) => {
    const config = worker({ EXTERNAL_API_ADMIN_KEY: undefined, ...change });

    expect(config.taskApi.key).toBe(expected);
  });

  it.each([
    ['an object', '{"a":1}', `DEV_API_KEYS ${NO_LIST}`],
    ['a list of numbers', '[1]', `DEV_API_KEYS ${NO_LIST}`],
    ['a list that is cut off', '["hunter2"', `DEV_API_KEYS ${NO_LIST}`],
    ['commas only', ' , ,', 'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)'],
    ['an empty list', '[]', 'EXTERNAL_API_ADMIN_KEY is missing (and DEV_API_KEYS has no key)'],
  ])('refuses dev keys that are %s', (_what, value, expected) => {
    const faults = workerFaults({ EXTERNAL_API_ADMIN_KEY: undefined, DEV_API_KEYS: value });

    expect(faults).toContain(expected);
  });

  it.each<[string, string, string]>([
    ['EMAIL_API_BASE_URL', 'api.example', NO_URL],
    ['EMAIL_API_BASE_URL', 'https://api.example/?key=hunter2', NO_URL],
  ])('refuses %s=%j', (name, value, message) => {
    const faults = workerFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });
});
