import { loadApiConfig } from '../../src/config/config';
import { apiFaults, padded } from '../support/configuration';

describe('readPort, readConnections and readLogLevel', () => {
  it.each([
    ['debug', 'debug'],
    ['INFO', 'info'],
    ['Warning', 'warning'],
    [padded('error'), 'error'],
    ['critical', 'critical'],
  ])('reads the log level %j', (value, expected) => {
    const config = loadApiConfig({ LOG_LEVEL: value });

    expect(config.logLevel).toBe(expected);
  });

  it.each(['trace', 'warn', 'all', '3'])('refuses the log level %j', (value) => {
    const faults = apiFaults({ LOG_LEVEL: value });

    expect(faults).toEqual(['LOG_LEVEL must be debug, info, warning, error or critical']);
  });

  it.each([
    ['0', 0],
    ['65535', 65535],
    ['8080.0', 8080],
    [padded('8080'), 8080],
  ])('listens on the port %j', (value, expected) => {
    const config = loadApiConfig({ HTTP_PORT: value });

    expect(config.port).toBe(expected);
  });

  it.each(['-1', '65536', '80.5', 'abc', '80a', 'Infinity', 'NaN', '80,81'])(
    'refuses the port %j',
    (value) => {
      const faults = apiFaults({ HTTP_PORT: value });

      expect(faults).toEqual(['HTTP_PORT must be a whole number from 0 to 65535']);
    },
  );

  it('reads the keep-alive timeout and the shutdown delay', () => {
    const config = loadApiConfig({ HTTP_KEEP_ALIVE_TIMEOUT: '2m', SHUTDOWN_DELAY: '5s' });

    expect(config).toMatchObject({ keepAliveTimeoutMs: 120_000, shutdownDelayMs: 5_000 });
  });

  it('refuses a keep-alive timeout of 0 and a shutdown delay that is no duration', () => {
    const faults = apiFaults({ HTTP_KEEP_ALIVE_TIMEOUT: '0', SHUTDOWN_DELAY: 'soon' });

    expect(faults).toEqual([
      'HTTP_KEEP_ALIVE_TIMEOUT must be longer than 0',
      'SHUTDOWN_DELAY must be a duration such as 30d, 72h or 90m',
    ]);
  });
});
