import { loadApiConfig } from '../../src/config/config';
import { DAY, apiFaults, padded, worker, workerFaults } from '../support/configuration';

describe('readDelivery and readResendWindow', () => {
  it.each([
    ['0', 0],
    ['0h', 0],
    ['30m', DAY / 48],
    [padded('7d'), 7 * DAY],
  ])('reads RESEND_WINDOW=%j', (value, expected) => {
    const config = loadApiConfig({ RESEND_WINDOW: value });

    expect(config.resendWindowMs).toBe(expected);
  });

  it.each(['72', '-1h', 'never'])('refuses RESEND_WINDOW=%j', (value) => {
    const faults = apiFaults({ RESEND_WINDOW: value });

    expect(faults).toEqual(['RESEND_WINDOW must be a duration such as 30d, 72h or 90m']);
  });

  it.each([
    ['resend', 'resend'],
    ['PARK', 'park'],
    [padded('assume_sent'), 'assume_sent'],
  ])('reads SMTP_UNCERTAIN_POLICY=%j', (value, expected) => {
    const config = worker({ SMTP_UNCERTAIN_POLICY: value });

    expect(config.uncertainPolicy).toBe(expected);
  });

  it.each<[string, string, string]>([
    ['SMTP_UNCERTAIN_POLICY', 'retry', 'must be resend, park or assume_sent'],
    ['GIVE_UP_AFTER', '0h', 'must be longer than 0'],
    ['GIVE_UP_AFTER', '96', 'must be a duration such as 30d, 72h or 90m'],
    ['SMTP_MAX_PER_SECOND', '0', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', '-1', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', 'Infinity', 'must be a number above 0'],
    ['SMTP_MAX_PER_SECOND', 'many', 'must be a number above 0'],
    ['RECIPIENT_MAX_PER_DAY', '-1', 'must be a whole number from 0 to 1000000'],
    ['RECIPIENT_MAX_PER_DAY', 'none', 'must be a whole number from 0 to 1000000'],
  ])('refuses %s=%j', (name, value, message) => {
    const faults = workerFaults({ [name]: value });

    expect(faults).toEqual([`${name} ${message}`]);
  });

  it('reads RECIPIENT_MAX_PER_DAY=0, which means no limit', () => {
    expect(worker({ RECIPIENT_MAX_PER_DAY: '0' }).recipientMaxPerDay).toBe(0);
  });
});
