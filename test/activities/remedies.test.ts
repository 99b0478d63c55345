import { transient } from '../../activities/failures/transient';
import { type Part, remedyFor } from '../../activities/failures/remedies';
import { stepFailureOf } from '../../workflows/core/step-failure';

const CERTIFICATES = [
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
];

describe('remedyFor', () => {
  it.each<[Part, RegExp]>([
    ['relay', /SSL_CERT_FILE|SMTP_SERVER/],
    ['database', /DATABASE_CA_FILE|DATABASE_URL/],
    ['provider', /NODE_EXTRA_CA_CERTS|EMAIL_API_BASE_URL/],
  ])(
    'names the variable of the %s for each fault of a certificate and of the DNS',
    (part, names) => {
      for (const code of [...CERTIFICATES, 'ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED']) {
        expect(remedyFor(part, code)).toMatch(names);
      }
    },
  );

  it.each<[Part, string, RegExp]>([
    ['relay', 'ERR_SSL_WRONG_VERSION_NUMBER', /SMTP_TLS=starttls/],
    ['relay', 'GREETING_TIMEOUT', /TLS from the first byte.*SMTP_TLS=implicit/],
    ['relay', 'RATE', /SMTP_MAX_PER_SECOND/],
    ['relay', 'QUOTA', /SMTP_MAX_PER_SECOND/],
    ['relay', 'EHLO_REFUSED', /SMTP_EHLO_NAME/],
    ['relay', 'SENDER_REFUSED', /SMTP_FROM_EMAIL/],
    ['relay', 'REFUSES_EVERYONE', /resend/],
    ['relay', 'NO_STARTTLS', /SMTP_SERVER and SMTP_PORT/],
    ['relay', 'NO_AUTH', /SMTP_SERVER and SMTP_PORT/],
    ['relay', '454', /SMTP_SERVER/],
    ['relay', '530', /SMTP_TLS=starttls/],
    ['relay', '534', /SMTP_PASSWORD/],
    ['relay', '535', /SMTP_USERNAME or SMTP_PASSWORD/],
    ['provider', '401', /EXTERNAL_API_ADMIN_KEY/],
    ['provider', '403', /EXTERNAL_API_ADMIN_KEY/],
    ['database', '08P01', /DATABASE_URL/],
    ['database', '25006', /DATABASE_URL/],
    ['database', '28000', /DATABASE_URL/],
    ['database', '28P01', /DATABASE_URL/],
    ['database', '3D000', /DATABASE_URL/],
    ['database', '42501', /DATABASE_URL/],
    ['database', '42703', /bulk-notify setup/],
    ['database', '42P01', /bulk-notify setup/],
    ['database', 'ENOTFOUND', /postgres\.REF/],
    ['database', 'ESSLREQUIRED', /sslmode=require/],
  ])('says for the %s and %s what to change', (part, code, names) => {
    expect(remedyFor(part, code)).toMatch(names);
  });

  it.each([...CERTIFICATES, 'ENOTFOUND', 'ECONNREFUSED', '28P01', '42501', '53300', 'NO_TLS'])(
    "names the variable of the operators' login for the database and %s",
    (code) => {
      const remedy = remedyFor('database', code, 'ADMIN_DATABASE_URL');

      expect(remedy).toMatch(/ADMIN_DATABASE_URL|DATABASE_CA_FILE/);
      expect(remedy).not.toMatch(/\bDATABASE_URL/);
    },
  );

  it.each(['421', 'ECONNRESET', '', 'constructor', '__proto__', undefined])(
    'says nothing for %p',
    (code) => {
      expect(remedyFor('relay', code)).toBeUndefined();
    },
  );
});

describe('a transient failure', () => {
  it('says the remedy in its message and carries it as a value', () => {
    const failure = transient('TaskApiUnauthorized', 'the provider answered 401', {
      ...{ part: 'provider', code: '401' },
    });

    expect(failure.message).toMatch(
      /^the provider answered 401\. Remedy: .*EXTERNAL_API_ADMIN_KEY/,
    );
    expect(stepFailureOf(failure)).toEqual({
      type: 'TaskApiUnauthorized',
      message: 'the provider answered 401',
      part: 'provider',
      remedy: remedyFor('provider', '401'),
    });
  });

  it('is bounded, whatever it was told', () => {
    const failure = transient('Fault', 'x'.repeat(100_000));

    expect(failure.message).toHaveLength(500);
    expect(stepFailureOf(new Error('x'.repeat(100_000))).message).toHaveLength(500);
  });
});
