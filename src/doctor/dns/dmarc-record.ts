import { getDomain } from 'tldts';
import { findTexts, type Resolve } from './resolver';

export type Policy = 'none' | 'quarantine' | 'reject';
export type AlignmentMode = 'relaxed' | 'strict';

export interface DmarcRecord {
  text: string;
  p: Policy;
  sp?: Policy;
  np?: Policy;
  aspf: AlignmentMode;
  adkim: AlignmentMode;
  /** Whether the domain is a public suffix (RFC 9989); `u`: unknown. */
  psd: 'y' | 'n' | 'u';
  /** RFC 9989: apply the next weaker policy. */
  isTest: boolean;
  /** What is wrong with it, and read as something else. */
  fault?: string;
}

/** How a receiver treats mail that does not pass, and which domains it takes for one organization. */
export interface DmarcView {
  record?: DmarcRecord;
  /** The domain whose record applies. */
  at?: string;
  policy?: Policy;
  organization: string;
}

export type FindRecord = (domain: string) => Promise<DmarcRecord | undefined>;

const RECORD = /^v=DMARC1\s*(?:;|$)/i;
const WEAKER: Record<Policy, Policy> = { reject: 'quarantine', quarantine: 'none', none: 'none' };

/** The records at a domain; only a single one counts (RFC 9989 §4.10, RFC 7489 §6.6.3). */
export async function findDmarcTexts(resolve: Resolve, domain: string): Promise<string[]> {
  return (await findTexts(resolve, `_dmarc.${domain}`)).filter((text) => RECORD.test(text));
}

export function createFindRecord(resolve: Resolve): FindRecord {
  const asked = new Map<string, Promise<DmarcRecord | undefined>>();
  const ask = async (domain: string) => {
    const texts = await findDmarcTexts(resolve, domain);
    return texts.length === 1 ? parseDmarcRecord(texts[0] ?? '') : undefined;
  };
  return (domain) => {
    const answer = asked.get(domain) ?? ask(domain);
    asked.set(domain, answer);
    return answer;
  };
}

export function parseDmarcRecord(text: string): DmarcRecord {
  const tags = Object.fromEntries(
    text.split(';').map((tag) => {
      const [name = '', ...value] = tag.split('=');
      return [name.trim().toLowerCase(), value.join('=').trim().toLowerCase()];
    }),
  ) as Record<string, string | undefined>;
  const mode = (value: string | undefined) => (value === 's' ? 'strict' : 'relaxed');
  const p = policyOf(tags.p);
  const { psd } = tags;
  return {
    text,
    p: p ?? 'none',
    ...(policyOf(tags.sp) && { sp: policyOf(tags.sp) }),
    ...(policyOf(tags.np) && { np: policyOf(tags.np) }),
    aspf: mode(tags.aspf),
    adkim: mode(tags.adkim),
    psd: psd === 'y' || psd === 'n' ? psd : 'u',
    isTest: tags.t === 'y',
    ...(!p && { fault: tags.p === undefined ? 'it has no p=' : `p=${tags.p} is no policy` }),
  };
}

function policyOf(value: string | undefined): Policy | undefined {
  return value === 'none' || value === 'quarantine' || value === 'reject' ? value : undefined;
}

/** By the list of public suffixes (RFC 7489 §3.2, §6.6.3). */
export async function viewBySuffixList(domain: string, find: FindRecord): Promise<DmarcView> {
  const organization = organizationBySuffixList(domain);
  const own = await find(domain);
  if (own) return { record: own, at: domain, policy: own.p, organization };
  const inherited = organization === domain ? undefined : await find(organization);
  if (!inherited) return { organization };
  return { record: inherited, at: organization, policy: inherited.sp ?? inherited.p, organization };
}

export function organizationBySuffixList(domain: string): string {
  return getDomain(domain, { allowIcannDomains: true, allowPrivateDomains: true }) ?? domain;
}

/** By a walk up the tree of names (RFC 9989 §4.10). `exists` is false for a domain without any record. */
export async function viewByTreeWalk(
  domain: string,
  find: FindRecord,
  exists = true,
): Promise<DmarcView> {
  const found = await walk(domain, find);
  const organization = organizationOf(domain, found);
  const of = (at: string) => found.find((it) => it.domain === at);
  const own = of(domain);
  const applying = own ?? of(organization) ?? found.at(-1);
  if (!applying) return { organization };
  const { record } = applying;
  const inherited = exists ? record.sp : (record.np ?? record.sp);
  const policy = own ? record.p : (inherited ?? record.p);
  return {
    ...{ record, at: applying.domain, organization },
    policy: record.isTest ? WEAKER[policy] : policy,
  };
}

interface Found {
  domain: string;
  record: DmarcRecord;
}

const WALK_MAX_LABELS = 8;
const WALK_NEXT_LABELS = 7;

/** From the domain upwards until a record says whether it is a public suffix. */
async function walk(domain: string, find: FindRecord): Promise<Found[]> {
  const labels = domain.split('.');
  const jump = labels.length >= WALK_MAX_LABELS ? labels.length - WALK_NEXT_LABELS : 1;
  const starts = [0, ...labels.keys()].filter((start, at) => at === 0 || start >= jump);
  const found: Found[] = [];
  for (const start of starts) {
    const name = labels.slice(start).join('.');
    const record = await find(name);
    if (record) found.push({ domain: name, record });
    if (record && record.psd !== 'u') break;
  }
  return found;
}

function organizationOf(domain: string, found: readonly Found[]): string {
  const last = found.at(-1);
  if (!last) return domain;
  if (last.record.psd !== 'y' || last.domain === domain) return last.domain;
  const labels = domain.split('.');
  return labels.slice(-(last.domain.split('.').length + 1)).join('.');
}

/** The organizational domain of another domain, as a receiver of RFC 9989 finds it. */
export async function organizationByTreeWalk(domain: string, find: FindRecord): Promise<string> {
  return organizationOf(domain, await walk(domain, find));
}
