import { isIP, isIPv6 } from 'node:net';
import ms from 'ms';
import { z } from 'zod';
import { parseAddress } from '../../activities/recipient/recipient-address';
import { isEhloName } from './ehlo-name';
import { parseJson } from '../parse/parse-json';

const given = z.string({ error: 'is missing' });
const trimmed = given.transform((value) => value.trim());

/** Fits into an Authorization header and is too long to guess. */
export const bearerToken = trimmed
  .refine(
    (value) => /^[\x21-\x7e]{16,}$/.test(value),
    'must be at least 16 characters of ASCII without blanks',
  )
  .describe('text');

/** Text with its blanks. */
export const verbatim = given.describe('text');

export const text = trimmed.describe('text');

export const filePath = trimmed.describe('path');

/** Text with `{file_name}`, `{email_count}` and `\n`. */
export const template = given.describe('template');

/** Text without the line end that a shell or an editor appends. */
export const line = given.transform((value) => value.replace(/\r?\n$/, '')).describe('text');

const DOMAIN = /^(?=.{1,253}$)[\w-]{1,63}(?:\.[\w-]{1,63})+$/;

/** IP addresses and the domains of SPF records, with commas between. */
export const outgoingAddresses = trimmed
  .transform((value) => value.split(',').map((entry) => entry.trim().replace(/\.$/, '')))
  .refine(
    (entries) => entries.every((entry) => isIP(entry) !== 0 || DOMAIN.test(entry)),
    'must be IP addresses or domains with commas between',
  )
  .describe('IP addresses, domains');

/** `s1`, or in full `s1._domainkey.mail.example`. */
export const dkimSelector = trimmed
  .refine(
    (value) => DOMAIN.test(`${value}.example`),
    'must be a selector such as s1, or its full name such as s1._domainkey.mail.example',
  )
  .describe('selector');

/** A name, an IPv4 or a bare IPv6 address. */
export const relayHost = trimmed
  .refine((value) => !/[\s/@\\,;?#]/.test(value), 'must be a host name')
  .refine(
    (value) => !/[:[\]]/.test(value) || isIPv6(value),
    'must be a host name without brackets and port: the port belongs in SMTP_PORT',
  )
  .describe('host name or IP address');

/** An address to listen on: a name could resolve to another interface tomorrow. */
export const listenAddress = trimmed
  .refine((value) => isIP(value) !== 0, 'must be an IP address, such as 127.0.0.1, 0.0.0.0 or ::1')
  .describe('IP address');

export const wholeNumber = (min: number, max: number) =>
  trimmed
    .transform(Number)
    .refine(
      (value) => Number.isInteger(value) && value >= min && value <= max,
      `must be a whole number from ${min} to ${max}`,
    )
    .describe(`whole number from ${min} to ${max}`);

export const positiveNumber = trimmed
  .transform(Number)
  .refine((value) => Number.isFinite(value) && value > 0, 'must be a number above 0')
  .describe('number above 0');

const YES = ['true', 't', 'yes', 'y', 'on', '1'];
const NO = ['false', 'f', 'no', 'n', 'off', '0'];

export const yesOrNo = trimmed
  .transform((value) => value.toLowerCase())
  .refine((value) => YES.includes(value) || NO.includes(value), 'must be true or false')
  .transform((value) => YES.includes(value))
  .describe('true or false');

/** Without a trailing slash, so that a path can be appended. */
export const httpUrl = trimmed
  .refine(isPlainHttpUrl, 'must be an http or https URL without user, query and fragment')
  .transform((value) => value.replace(/(?<!\/)\/+$/, ''))
  .describe('URL');

/** Kept as written, since a callback URL may have a query. */
export const callbackUrl = trimmed
  .refine(
    (value) => /^https?:\/\/[^\s#]+$/i.test(value) && URL.canParse(value),
    'must be an http or https URL without fragment',
  )
  .describe('URL');

/** `https://app.example,https://admin.example:8443`, as browsers send them. */
export const originList = trimmed
  .transform((value) => value.split(',').map((origin) => origin.trim().replace(/\/$/, '')))
  .refine(
    (origins) =>
      origins.every((origin) => isPlainHttpUrl(origin) && new URL(origin).origin === origin),
    'must be origins with commas between, such as https://app.example',
  )
  .describe('origins');

export const cookieName = trimmed
  .refine((value) => /^[\w!#$%&'*+.^`|~-]+$/.test(value), 'must be the name of a cookie')
  .describe('name of a cookie');

export const postgresUrl = trimmed
  .refine(
    (value) => URL.canParse(value) && /^postgres(?:ql)?:$/.test(new URL(value).protocol),
    'must be a postgres:// URL',
  )
  .describe('postgres:// URL');

export const address = trimmed
  .transform((value, context) => {
    const parsed = parseAddress(value);
    // A display name has a variable of its own, and would be dropped here.
    if ('address' in parsed && !value.endsWith('>')) return parsed.address;
    context.addIssue({ code: 'custom', message: 'must be one e-mail address' });
    return z.NEVER;
  })
  .describe('email address');

/** `a@x`, `Name <a@x>`, `"Name, Inc." <a@x>`, or several of them with commas between. */
export const addressList = trimmed
  .refine(
    // A UTF-8 header would need SMTPUTF8 for every email.
    (value) =>
      splitList(value)
        .map(parseAddress)
        .every((it) => 'address' in it && !it.smtpUtf8),
    'must be an e-mail address, or several with commas between; a name with a comma needs quotes',
  )
  .describe('email addresses');

/** Milliseconds, from `30d`, `72h`, `90m` or a plain `0`. */
export const durationOrNone = trimmed
  .transform((value, context) => {
    const milliseconds = value === '0' ? 0 : toMilliseconds(value);
    if (milliseconds !== undefined) return milliseconds;
    context.addIssue({ code: 'custom', message: 'must be a duration such as 30d, 72h or 90m' });
    return z.NEVER;
  })
  .describe('duration or 0');

export const duration = durationOrNone
  .refine((value) => value > 0, 'must be longer than 0')
  .describe('duration');

export const logLevel = oneOf(
  ['debug', 'info', 'warning', 'error', 'critical'],
  'must be debug, info, warning, error or critical',
);

/** Splits at commas outside quoted strings. */
export function splitList(list: string): string[] {
  const pieces = list.match(/\\.|[^\\]/gsu) ?? [];
  const parts = [''];
  let quoted = false;
  for (const piece of pieces) {
    if (piece === '"') quoted = !quoted;
    if (piece === ',' && !quoted) parts.push('');
    else parts.push(`${parts.pop()}${piece}`);
  }
  return parts;
}

const NOT_KEYS = 'must be keys with commas between, or a JSON list of them';

export const uncertainPolicy = oneOf(
  ['resend', 'park', 'assume_sent'],
  'must be resend, park or assume_sent',
);

export const recipientSource = oneOf(
  ['profile_first', 'confirmed_account'],
  'must be profile_first or confirmed_account',
);

export const tlsMode = oneOf(
  ['starttls', 'implicit', 'none'],
  'must be starttls, implicit or none',
);

export const ehloName = trimmed
  .refine(
    isEhloName,
    'must be a host name with a dot, without underscores, or an address literal such as [192.0.2.1]',
  )
  .describe('full host name or address literal');

/** `a,b` or `["a","b"]`; blanks are dropped. */
export const keyList = trimmed
  .transform((value) => (/^[[{]/.test(value) ? parseJson(value) : value.split(',')))
  .pipe(z.array(z.string(NOT_KEYS), NOT_KEYS))
  .transform((keys) => keys.map((key) => key.trim()).filter(Boolean))
  .describe('keys');

function toMilliseconds(value: string): number | undefined {
  return /^[\d.]+\s*[a-z]+$/i.test(value) ? ms(value as ms.StringValue) : undefined;
}

function isPlainHttpUrl(value: string): boolean {
  if (!URL.canParse(value) || /[\s?#]/.test(value)) return false;
  const { protocol, username, password } = new URL(value);
  return /^https?:$/.test(protocol) && !(username || password);
}

/** One of the words, in upper or lower case. */
function oneOf<const Words extends readonly [string, ...string[]]>(words: Words, error: string) {
  return trimmed
    .transform((value) => value.toLowerCase())
    .pipe(z.enum(words, { error }))
    .describe(words.map((word) => `\`${word}\``).join(', '));
}
