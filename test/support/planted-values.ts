// What tests give to the service and the service must not give away: secrets, addresses, and what
// stands in a webhook's body. No text contains one by accident.

export const ADMIN_TOKEN = 'an-operators-token-of-32-letters';
/** The keys that sign webhooks begin so. */
export const WEBHOOK_KEY = 'planted-webhook-key-';
/** The keys that sign the tokens of users begin so. */
export const JWT_KEY = 'planted-jwt-key-';
/** The domain of recipients; `o…@customer.example` is masked. */
const RECIPIENTS = '@customer.example';

export interface PlantedValue {
  name: string;
  pattern: RegExp;
}

export const plantedValues: readonly PlantedValue[] = [
  { name: 'the address of a recipient', pattern: /[\w.+'"-](?:@|%40)customer\.example/i },
  { name: 'the address of a recipient in base64', pattern: anyOf(inBase64(RECIPIENTS)) },
  { name: 'an address in an uploaded file', pattern: /\b(?:jane|joe)@example\.org/i },
  planted('an address in the body of a webhook', '@mailbox-example.com'),
  planted('a job in the body of a webhook', '-52b7-4c1e-9d0f-'),
  planted('the admin token', ADMIN_TOKEN),
  planted('a key of webhooks', WEBHOOK_KEY),
  planted("a key of users' tokens", JWT_KEY),
  { name: 'the token of a user', pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+/ },
  // Those of the sandbox's relay, provider and Postgres.
  planted('the password of the relay', 'sandbox-password'),
  planted('the key of the provider', 'sandbox-admin-key'),
  planted('the password of the database', 'sandbox-database-'),
];

/** A text as it is and in base64, as in an `Authorization` header or a payload. */
function planted(name: string, text: string): PlantedValue {
  return { name, pattern: anyOf([text, ...inBase64(text)]) };
}

function anyOf(patterns: string[]): RegExp {
  return new RegExp(patterns.map((pattern) => pattern.replaceAll('.', '\\.')).join('|'));
}

/** Patterns of a text within base64: it begins at one of three places of its first character. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from(' '.repeat(before) + text).toString('base64');
    // Characters that also stand for the bytes before and after the text vary.
    const first = before === 0 ? 0 : before + 1;
    const inner = encoded.slice(first).replace(/.={1,2}$/, '');
    return inner.replaceAll('+', '[+-]').replaceAll('/', '[/_]');
  });
}
