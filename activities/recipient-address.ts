import { domainToASCII } from 'node:url';

export type ParsedAddress =
  /** `smtpUtf8`: the local part is not ASCII, so the relay must offer SMTPUTF8 (RFC 6531). */
  { address: string; smtpUtf8?: true } | { reason: string };

const OUTER_BLANKS = /^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g;
/** RFC 5321 atext, with the UTF-8 that RFC 6531 adds. */
const DOT_ATOM =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
const LABEL = /^[a-z\d]([a-z\d-]{0,61}[a-z\d])?$/i;
/** A URL parser, nodemailer's included, turns a domain that ends so into an IPv4 address. */
const NUMBER = /^(\d+|0x[\da-f]*)$/i;
/** What the URL parser behind domainToASCII would take for the end of a host or decode. */
const NOT_IN_DOMAINS = /[\0-,/:-@[-`{-\x7f]/;

/** One address (RFC 5321 §4.1.2), never a list or a group. A reason never holds the address. */
export function parseAddress(text: string): ParsedAddress {
  const trimmed = text.replace(OUTER_BLANKS, '');
  if (!trimmed) return { reason: 'the address is blank' };
  if (/[\p{C}\p{Z}]/u.test(trimmed)) {
    return { reason: 'the address holds a blank, a control or an invisible character' };
  }
  const [local = '', domain = '', ...rest] = trimmed.split('@');
  if (rest.length || !local || !domain) return { reason: 'the address is not one local@domain' };
  if (!DOT_ATOM.test(local)) return { reason: 'the local part is not a dot-atom' };
  if (Buffer.byteLength(local) > 64) return { reason: 'the local part is over 64 octets' };
  const asciiDomain = toAsciiDomain(domain);
  if (!asciiDomain) return { reason: 'the domain is not a host name' };
  const address = `${local}@${asciiDomain}`;
  if (Buffer.byteLength(address) > 254) return { reason: 'the address is over 254 octets' };
  return /^[\0-\x7f]*$/.test(local) ? { address } : { address, smtpUtf8: true };
}

function toAsciiDomain(domain: string): string | undefined {
  if (NOT_IN_DOMAINS.test(domain)) return undefined;
  const ascii = /^[\0-\x7f]*$/.test(domain) ? domain.toLowerCase() : domainToASCII(domain);
  const labels = ascii.split('.');
  const valid = labels.every((label) => LABEL.test(label)) && !NUMBER.test(labels.at(-1) ?? '');
  return valid ? ascii : undefined;
}
