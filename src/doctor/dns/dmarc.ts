import { failure, type Judgement, ok, skipped, warning } from '../finding';
import {
  type AlignmentMode,
  createFindRecord,
  type DmarcView,
  type FindRecord,
  findDmarcTexts,
  organizationBySuffixList,
  organizationByTreeWalk,
  viewBySuffixList,
  viewByTreeWalk,
} from './dmarc-record';
import { findAddresses, findExchanges, type Resolve } from './resolver';

/** The same domain seen by a receiver of RFC 7489 and by one of RFC 9989. */
export interface DmarcViews {
  domain: string;
  bySuffixList: DmarcView;
  byTreeWalk: DmarcView;
  find: FindRecord;
}

export async function viewDmarc(resolve: Resolve, domain: string): Promise<DmarcViews> {
  const find = createFindRecord(resolve);
  const exists = await hasRecords(resolve, domain);
  const bySuffixList = await viewBySuffixList(domain, find);
  return { domain, bySuffixList, byTreeWalk: await viewByTreeWalk(domain, find, exists), find };
}

async function hasRecords(resolve: Resolve, domain: string): Promise<boolean> {
  const [exchanges, addresses] = await Promise.all([
    findExchanges(resolve, domain),
    findAddresses(resolve, domain),
  ]);
  return exchanges.length + addresses.length > 0;
}

export async function judgePolicy(resolve: Resolve, views: DmarcViews): Promise<Judgement> {
  const { domain, bySuffixList: old, byTreeWalk: current } = views;
  const own = await findDmarcTexts(resolve, domain);
  if (own.length > 1) {
    return failure({
      what: `_dmarc.${domain} has ${own.length} DMARC records, so that none of them counts`,
      why: 'Receivers treat the domain as one without DMARC.',
      remedy: `Publish one TXT record at _dmarc.${domain}.`,
    });
  }
  const { record } = current.record ? current : old;
  if (!record) return withoutPolicy(domain);
  if (record.fault) {
    return failure({
      what: `the DMARC record "${record.text}" is in error: ${record.fault}`,
      why: 'Receivers of RFC 7489 ignore it, those of RFC 9989 take it for p=none.',
      remedy: `Correct the TXT record at _dmarc.${current.at ?? old.at}: p=none, p=quarantine or p=reject.`,
    });
  }
  if (old.policy !== current.policy || old.at !== current.at) return differing(views);
  const text = `policy ${current.policy} by "${record.text}" at _dmarc.${current.at}`;
  if (current.policy !== 'none') return ok(text);
  return warning({
    what: text,
    why: 'Mail that others send in your name is delivered, and receivers only report it.',
    remedy: `When the reports show that all of your emails pass, set p=quarantine at _dmarc.${current.at}.`,
  });
}

function withoutPolicy(domain: string): Judgement {
  return warning({
    what: `${domain} has no DMARC record, nor has a domain above it`,
    why: 'Large receivers require one from bulk senders, and failures are not reported.',
    remedy: `Publish a TXT record at _dmarc.${domain}: "v=DMARC1; p=none; rua=mailto:…"`,
  });
}

function differing({ domain, bySuffixList: old, byTreeWalk: current }: DmarcViews): Judgement {
  const describe = ({ policy, at }: DmarcView) =>
    policy ? `${policy} of _dmarc.${at}` : 'no policy';
  return warning({
    what: `receivers of RFC 7489 take ${describe(old)}, those of RFC 9989 ${describe(current)}`,
    why: 'The same email is accepted by one receiver and refused by the next.',
    remedy: `Publish a record of its own at _dmarc.${domain}, without t=y.`,
  });
}

/** What is known of the two ways to pass. */
export interface Authentication {
  /** Of the relay's addresses; undefined if they are not known. */
  spfPasses?: boolean;
  /** The domain of a usable DKIM key; undefined if none is known. */
  signer?: string;
}

/** The envelope sender is the address of From, so SPF is aligned unless the relay rewrites it. */
export async function judgeAlignment(
  views: DmarcViews,
  { spfPasses, signer }: Authentication,
): Promise<Judgement> {
  const { domain } = views;
  const signed = signer === undefined ? [] : await unalignedFor(views, signer);
  const ways = [
    ...(spfPasses ? [`SPF for ${domain}`] : []),
    ...(signer !== undefined && signed.length === 0 ? [`DKIM for ${signer}`] : []),
  ];
  if (signed.length > 0) return unaligned(views, { signer, signed, spfPasses });
  if (ways.length > 0) return ok(`passes by ${ways.join(' and ')}`);
  if (spfPasses === undefined) {
    return skipped(
      'cannot be judged: neither SPF nor DKIM could be',
      'Set SMTP_OUTGOING_ADDRESSES and SMTP_DKIM_SELECTOR.',
    );
  }
  return failing(views, 'neither SPF nor a known DKIM signature passes', [
    'Repair SPF as above, or set SMTP_DKIM_SELECTOR if the relay signs for this domain.',
  ]);
}

/** The receivers that do not count a signature of this domain as aligned with From. */
export async function unalignedFor({ domain, find, ...views }: DmarcViews, signer: string) {
  const { bySuffixList: old, byTreeWalk: current } = views;
  const [signerOld, signerNew] = [
    organizationBySuffixList(signer),
    await organizationByTreeWalk(signer, find),
  ];
  const isAligned = (view: DmarcView, organization: string) =>
    domain === signer || (modeOf(view) === 'relaxed' && view.organization === organization);
  return [
    ...(isAligned(old, signerOld) ? [] : ['RFC 7489']),
    ...(isAligned(current, signerNew) ? [] : ['RFC 9989']),
  ];
}

function modeOf({ record }: DmarcView): AlignmentMode {
  return record?.adkim ?? 'relaxed';
}

interface Unaligned {
  signer?: string;
  signed: string[];
  spfPasses?: boolean;
}

function unaligned(views: DmarcViews, { signer, signed, spfPasses }: Unaligned): Judgement {
  const { domain, byTreeWalk } = views;
  const mode = modeOf(byTreeWalk);
  const what = `the signature of ${signer} is not aligned with ${domain} (${mode}) for receivers of ${signed.join(' and ')}`;
  const remedy = `Have the relay sign with d=${domain}${mode === 'strict' ? ', or remove adkim=s from the DMARC record' : ''}.`;
  if (!spfPasses) return failing(views, what, [remedy]);
  return warning({
    what,
    why: 'DMARC depends on SPF alone, which breaks when an email is forwarded.',
    remedy,
  });
}

function failing({ byTreeWalk, bySuffixList }: DmarcViews, what: string, remedies: string[]) {
  const policy = byTreeWalk.policy ?? bySuffixList.policy;
  const judge = policy && policy !== 'none' ? failure : warning;
  return judge({
    what,
    why:
      policy && policy !== 'none'
        ? `By the policy ${policy} receivers refuse the email or put it into spam, after the relay's 250.`
        : 'DMARC fails, which receivers count against the email.',
    remedy: remedies.join(' '),
  });
}
