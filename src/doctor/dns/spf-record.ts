import { isIP } from 'node:net';
import { findAddresses, findExchanges, findTexts, type Resolve } from './resolver';

const RECORD = /^v=spf1(?: |$)/i;
/** An include may include others; a loop must end. */
const DEPTH_MAX = 10;
const ADDRESSES_MAX = 30;
/** More than so many make an `mx` an error (RFC 7208 §4.6.4). */
const EXCHANGES_MAX = 10;

export async function findSpfRecords(resolve: Resolve, domain: string): Promise<string[]> {
  return (await findTexts(resolve, domain)).filter((text) => RECORD.test(text));
}

function termsOf(record: string): string[] {
  return record.split(/ +/).slice(1).filter(Boolean);
}

const isLast = (term: string) => /^(?:[?~+-]?all$|redirect=)/i.test(term);

/** The record with further mechanisms, before the one that ends its evaluation. */
export function extendRecord(record: string, mechanisms: readonly string[]): string {
  const terms = termsOf(record);
  const given = terms.filter((term) => !isLast(term));
  const last = terms.filter(isLast);
  return ['v=spf1', ...new Set([...given, ...mechanisms]), ...(last.length ? last : ['~all'])].join(
    ' ',
  );
}

/** One record for several, whose evaluation ends as that of the first. */
export function joinRecords([first = '', ...others]: readonly string[]): string {
  return extendRecord(
    first,
    others.flatMap(termsOf).filter((term) => !isLast(term)),
  );
}

/** The mechanism that allows an entry of SMTP_OUTGOING_ADDRESSES. */
export function mechanismFor(entry: string): string {
  const version = isIP(entry);
  return version ? `ip${version}:${entry}` : `include:${entry}`;
}

/** Addresses that a domain's record allows: the first one of each network, through its includes. */
export async function addressesOf(resolve: Resolve, domain: string, depth = 0): Promise<string[]> {
  const [record] = await findSpfRecords(resolve, domain);
  if (!record || depth > DEPTH_MAX) return [];
  const addresses: string[] = [];
  for (const term of termsOf(record)) {
    if (addresses.length >= ADDRESSES_MAX) break;
    addresses.push(...(await addressesOfTerm(resolve, { term, domain, depth })));
  }
  return [...new Set(addresses)].slice(0, ADDRESSES_MAX);
}

interface Term {
  term: string;
  domain: string;
  depth: number;
}

function addressesOfTerm(resolve: Resolve, { term, domain, depth }: Term): Promise<string[]> {
  const [, mechanism = '', value = ''] = /^\+?(\w+)(?:[:=]([^/]*))?/.exec(term) ?? [];
  // A macro is about one message.
  if (value.includes('%')) return Promise.resolve([]);
  switch (mechanism.toLowerCase()) {
    case 'ip4':
    case 'ip6': {
      const [, address = ''] = /^\+?ip[46]:([^/]+)/i.exec(term) ?? [];
      return Promise.resolve(isIP(address) ? [address] : []);
    }
    case 'a':
      return findAddresses(resolve, value || domain);
    case 'mx':
      return addressesOfExchanges(resolve, value || domain);
    case 'include':
    case 'redirect':
      return addressesOf(resolve, value, depth + 1);
    default:
      return Promise.resolve([]);
  }
}

async function addressesOfExchanges(resolve: Resolve, domain: string): Promise<string[]> {
  const exchanges = await findExchanges(resolve, domain);
  const found = exchanges
    .slice(0, EXCHANGES_MAX)
    .map(({ exchange }) => findAddresses(resolve, exchange));
  return (await Promise.all(found)).flat();
}
