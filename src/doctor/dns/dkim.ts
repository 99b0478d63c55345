import { createPublicKey, type KeyObject } from 'node:crypto';
import { failure, type Judgement, ok, skipped, warning } from '../finding';
import { findTexts, type Resolve } from './resolver';

const RSA_MIN_BITS = 1_024;
const RSA_ADVISED_BITS = 2_048;
/** Before the raw key of an Ed25519 record (RFC 8463 §4): the frame that makes it a key in DER. */
const ED25519_FRAME = Buffer.from('302a300506032b6570032100', 'hex');
const NOT_SIGNED = 'Receivers treat the signature as broken: DMARC then depends on SPF alone.';

/** The full name of the key's record and the domain that signs (`d=`). */
export function dkimName(selector: string, domain: string): { name: string; signer: string } {
  const name = selector.includes('._domainkey.') ? selector : `${selector}._domainkey.${domain}`;
  return { name, signer: name.slice(name.indexOf('._domainkey.') + '._domainkey.'.length) };
}

export interface DkimVerdict {
  judgement: Judgement;
  /** Whether receivers count a signature by the key; what is marked as a test they need not. */
  isUsable: boolean;
}

export async function judgeDkim(resolve: Resolve, name: string | undefined): Promise<DkimVerdict> {
  if (!name) {
    const judgement = skipped(
      'cannot be judged: the selector is not known',
      'Set SMTP_DKIM_SELECTOR to the s= of the header DKIM-Signature in an email that came (--send-to ADDRESS).',
    );
    return { judgement, isUsable: false };
  }
  const texts = await findTexts(resolve, name);
  const [text] = texts;
  if (text === undefined) return broken(`there is no record at ${name}`, name);
  if (texts.length > 1) {
    return broken(`there are ${texts.length} records at ${name}, and only one may be there`, name);
  }
  const tags = tagsOf(text);
  if (tags.p === undefined) return broken(`the record at ${name} has no key (p=)`, name);
  if (tags.p === '') return broken(`the key at ${name} is revoked: p= is empty`, name);
  const key = parseKey(tags.k ?? 'rsa', tags.p);
  if (!key) return broken(`the key at ${name} cannot be read: it may be cut off`, name);
  return judgeKey(name, key, tags);
}

function judgeKey(name: string, key: KeyObject, { t = '' }: Record<string, string>): DkimVerdict {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  const text = `${key.asymmetricKeyType?.toUpperCase()}${bits ? ` of ${bits} bits` : ''} at ${name}`;
  if (bits !== undefined && bits < RSA_MIN_BITS) {
    return broken(`the key is too short: ${text}`, name);
  }
  if (t.split(':').includes('y')) {
    const judgement = warning({
      what: `${text} is marked as a test (t=y)`,
      why: 'Receivers may treat such emails as unsigned.',
      remedy: `Remove t=y from the TXT record at ${name}.`,
    });
    return { judgement, isUsable: false };
  }
  if (bits !== undefined && bits < RSA_ADVISED_BITS) {
    const judgement = warning({
      what: text,
      why: `Receivers begin to distrust keys below ${RSA_ADVISED_BITS} bits (RFC 8301).`,
      remedy: 'Have the relay sign with a longer key, and publish that one.',
    });
    return { judgement, isUsable: true };
  }
  return { judgement: ok(text), isUsable: true };
}

function broken(what: string, name: string): DkimVerdict {
  const judgement = failure({
    what,
    why: NOT_SIGNED,
    remedy: `Publish the TXT record of the relay's operator at ${name}, or correct SMTP_DKIM_SELECTOR.`,
  });
  return { judgement, isUsable: false };
}

function tagsOf(text: string): Record<string, string> {
  const tags = text.split(';').map((tag) => {
    const [name = '', ...value] = tag.split('=');
    return [name.trim().toLowerCase(), value.join('=').replace(/\s+/g, '')];
  });
  return Object.fromEntries(tags) as Record<string, string>;
}

function parseKey(type: string, base64: string): KeyObject | undefined {
  const bytes = Buffer.from(base64, 'base64');
  const der = type === 'ed25519' ? Buffer.concat([ED25519_FRAME, bytes]) : bytes;
  try {
    return createPublicKey({ key: der, format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}
