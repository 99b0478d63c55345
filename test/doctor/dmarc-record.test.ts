import {
  createFindRecord,
  parseDmarcRecord,
  viewBySuffixList,
  viewByTreeWalk,
} from '../../src/doctor/dns/dmarc-record';
import { type DnsRecords, resolverOf } from '../support/dns-records';

interface Expected {
  at?: string;
  policy?: string;
  organization: string;
}

interface Situation {
  domain: string;
  /** The DMARC record of each domain. */
  records: Record<string, string>;
  bySuffixList: Expected;
  byTreeWalk: Expected;
}

describe('the policy and organization of a domain', () => {
  it.each<[what: string, situation: Situation]>([
    [
      'its own record',
      {
        domain: 'sender.example',
        records: { 'sender.example': 'p=reject' },
        bySuffixList: { at: 'sender.example', policy: 'reject', organization: 'sender.example' },
        byTreeWalk: { at: 'sender.example', policy: 'reject', organization: 'sender.example' },
      },
    ],
    [
      'the sp of the domain above',
      {
        domain: 'mail.sender.example',
        records: { 'sender.example': 'p=reject; sp=quarantine' },
        bySuffixList: {
          at: 'sender.example',
          policy: 'quarantine',
          organization: 'sender.example',
        },
        byTreeWalk: { at: 'sender.example', policy: 'quarantine', organization: 'sender.example' },
      },
    ],
    [
      'a record half-way, which RFC 7489 does not look for',
      {
        domain: 'a.mail.sender.example',
        records: { 'mail.sender.example': 'p=reject', 'sender.example': 'p=none' },
        bySuffixList: { at: 'sender.example', policy: 'none', organization: 'sender.example' },
        byTreeWalk: { at: 'sender.example', policy: 'none', organization: 'sender.example' },
      },
    ],
    [
      'psd=n, which makes a domain an organization of its own',
      {
        domain: 'a.mail.sender.example',
        records: { 'mail.sender.example': 'p=reject; psd=n', 'sender.example': 'p=none' },
        bySuffixList: { at: 'sender.example', policy: 'none', organization: 'sender.example' },
        byTreeWalk: {
          at: 'mail.sender.example',
          policy: 'reject',
          organization: 'mail.sender.example',
        },
      },
    ],
    [
      'psd=y, below which the organizations are',
      {
        domain: 'mail.shop.bank.example',
        records: { 'bank.example': 'p=reject; psd=y' },
        bySuffixList: { at: 'bank.example', policy: 'reject', organization: 'bank.example' },
        byTreeWalk: { at: 'bank.example', policy: 'reject', organization: 'shop.bank.example' },
      },
    ],
    [
      'a public suffix of two labels',
      {
        domain: 'mail.sender.co.uk',
        records: { 'sender.co.uk': 'p=quarantine' },
        bySuffixList: { at: 'sender.co.uk', policy: 'quarantine', organization: 'sender.co.uk' },
        byTreeWalk: { at: 'sender.co.uk', policy: 'quarantine', organization: 'sender.co.uk' },
      },
    ],
    [
      'a name of nine labels, of which the walk skips one',
      {
        domain: 'a.b.c.d.e.f.g.sender.example',
        records: { 'b.c.d.e.f.g.sender.example': 'p=reject; psd=n' },
        bySuffixList: { organization: 'sender.example' },
        byTreeWalk: { organization: 'a.b.c.d.e.f.g.sender.example' },
      },
    ],
    [
      'no record',
      {
        domain: 'mail.sender.example',
        records: {},
        bySuffixList: { organization: 'sender.example' },
        byTreeWalk: { organization: 'mail.sender.example' },
      },
    ],
  ])('come from %s', async (_what, { domain, records, bySuffixList, byTreeWalk }) => {
    const dns: DnsRecords = Object.fromEntries(
      Object.entries(records).map(([name, tags]) => [`_dmarc.${name} TXT`, [`v=DMARC1; ${tags}`]]),
    );
    const find = createFindRecord(resolverOf(dns));

    const old = await viewBySuffixList(domain, find);
    const current = await viewByTreeWalk(domain, find);

    const facts = ({ at, policy, organization }: typeof old) => ({ at, policy, organization });
    expect(facts(old)).toEqual(bySuffixList);
    expect(facts(current)).toEqual(byTreeWalk);
  });

  it('takes np for a domain that does not exist, by RFC 9989', async () => {
    const records = { '_dmarc.sender.example TXT': ['v=DMARC1; p=none; sp=quarantine; np=reject'] };
    const find = createFindRecord(resolverOf(records));

    const { policy } = await viewByTreeWalk('gone.sender.example', find, false);

    expect(policy).toBe('reject');
  });
});

describe('parseDmarcRecord', () => {
  it('reads tags in any case and with blanks', () => {
    expect(parseDmarcRecord('v=DMARC1 ; P = Reject;sp=none; aspf=S ;adkim=r; psd=N; t=Y')).toEqual({
      ...{ text: expect.any(String) as string, p: 'reject', sp: 'none', isTest: true, psd: 'n' },
      ...{ aspf: 'strict', adkim: 'relaxed' },
    });
  });

  it.each([
    ['v=DMARC1; rua=mailto:x@y.example', 'it has no p='],
    ['v=DMARC1; p=rejekt', 'p=rejekt is no policy'],
  ])('takes %s for p=none and says why', (text, fault) => {
    expect(parseDmarcRecord(text)).toMatchObject({ p: 'none', fault });
  });
});
