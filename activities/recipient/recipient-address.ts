import { domainToASCII } from 'node:url';
import { trimBlanks } from '../../workflows/core/trim-blanks';

export interface RecipientAddress {
  address: string;
  /** The local part is not ASCII, so the relay must offer SMTPUTF8 (RFC 6531). */
  smtpUtf8?: true;
}

export type ParsedAddress = RecipientAddress | { reason: string };

/** The longest line of a message (RFC 5322 §2.1.1): an address with its display name fits. */
const INPUT_MAX_CHARS = 998;
const LOCAL_MAX_OCTETS = 64;
const ADDRESS_MAX_OCTETS = 254;

/** Before `<address>`: a quoted string, or words without what would make it a list or a group. */
const DISPLAY_NAME = /^(?:"(?:[^"\\]|\\.)*"|[^"\\<>()@,:;]*)$/;
/** RFC 5321 atext, with the UTF-8 that RFC 6531 adds. */
const DOT_ATOM =
  /^[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+(?:\.[\w!#$%&'*+/=?^`{|}~\u0080-\u{10ffff}-]+)*$/u;
/** Without `<`, `>` and a second `@`, by which programs split commands and addresses. */
const QUOTED = /^"((?:[^"\\<>@]|\\[^<>@])+)"$/;
const LABEL = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i;
/** A URL parser, nodemailer's included, turns a domain that ends so into an IPv4 address. */
const NUMBER = /^(?:\d+|0x[\da-f]*)$/i;
/** What the URL parser behind domainToASCII would take for the end of a host or decode. */
const NOT_IN_DOMAINS = /[\0-,/:-@[-`{-\x7f]/;
const ASCII = /^[\0-\x7f]*$/;

/**
 * One address (RFC 5321 §4.1.2), also as `<address>` or `Name <address>`, never a list or a group.
 * A reason never holds the address.
 */
export function parseAddress(text: string): ParsedAddress {
  const trimmed = trimBlanks(text);
  if (!trimmed) return { reason: 'the address is blank' };
  if (trimmed.length > INPUT_MAX_CHARS) return { reason: 'the address is too long' };
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(trimmed)) return { reason: 'the address holds a control' };
  const bare = withoutDisplayName(trimmed);
  const at = bare?.lastIndexOf('@') ?? -1;
  if (!bare || at < 1) return { reason: 'the address is not one local@domain' };
  const local = toLocalPart(bare.slice(0, at));
  if (!local) return { reason: 'the local part is neither a dot-atom nor a quoted string' };
  if (Buffer.byteLength(local) > LOCAL_MAX_OCTETS) {
    return { reason: `the local part is over ${LOCAL_MAX_OCTETS} octets` };
  }
  const domain = toAsciiDomain(bare.slice(at + 1));
  if (!domain) return { reason: 'the domain is not a host name of two labels or more' };
  const address = `${local}@${domain}`;
  if (Buffer.byteLength(address) > ADDRESS_MAX_OCTETS) {
    return { reason: `the address is over ${ADDRESS_MAX_OCTETS} octets` };
  }
  return ASCII.test(local) ? { address } : { address, smtpUtf8: true };
}

/** `a@b` of `a@b`, `<a@b>` and `Name <a@b>`. */
function withoutDisplayName(text: string): string | undefined {
  if (!text.endsWith('>')) return text;
  const open = text.lastIndexOf('<');
  const isName = open >= 0 && DISPLAY_NAME.test(text.slice(0, open).trim());
  return isName ? text.slice(open + 1, -1) : undefined;
}

/** In one spelling: quoted only where it has to be (RFC 5321 §4.1.2), nothing escaped in vain. */
function toLocalPart(local: string): string | undefined {
  if (/[\p{C}\p{Z}]/u.test(local.replaceAll(' ', ''))) return undefined;
  const [, quoted] = QUOTED.exec(local) ?? [];
  const unquoted = quoted?.replace(/\\(.)/gu, '$1') ?? local;
  if (DOT_ATOM.test(unquoted)) return unquoted;
  // Relays and their clients drop a blank at an end.
  if (!quoted || /^ | $/.test(unquoted)) return undefined;
  return `"${unquoted.replace(/["\\]/g, '\\$&')}"`;
}

function toAsciiDomain(domain: string): string | undefined {
  if (/[\p{C}\p{Z}]/u.test(domain) || NOT_IN_DOMAINS.test(domain)) return undefined;
  const ascii = ASCII.test(domain) ? domain.toLowerCase() : domainToASCII(domain);
  const labels = ascii.split('.');
  const valid = labels.every((label) => LABEL.test(label)) && !NUMBER.test(labels.at(-1) ?? '');
  return valid && labels.length > 1 ? ascii : undefined;
}
