import { padded, worker, workerFaults } from '../support/configuration';

describe('yesOrNo', () => {
  const SPELLINGS = [
    ...['true', 't', 'yes', 'y', 'on', '1'].map((text) => [text, true] as const),
    ...['false', 'f', 'no', 'n', 'off', '0'].map((text) => [text, false] as const),
  ].flatMap(([text, expected]) =>
    [text, text.toUpperCase(), padded(text)].map((value) => [value, expected] as const),
  );

  it.each(SPELLINGS)('reads %j as %s', (value, expected) => {
    const config = worker({ SMTP_STARTTLS_REQUIRED: value });

    expect(config.smtp.tls).toBe(expected ? 'starttls' : 'none');
  });

  it.each(['maybe', '2', 'truee', 'nein', 'null'])(
    'refuses %j, which is neither true nor false',
    (value) => {
      const faults = workerFaults({ SMTP_STARTTLS_REQUIRED: value });

      expect(faults).toEqual(['SMTP_STARTTLS_REQUIRED must be true or false']);
    },
  );
});
