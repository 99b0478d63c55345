import { generateKeyPairSync } from 'node:crypto';
import { senderExamination, type SenderQuestions } from '../../src/doctor/dns/sender';
import { type DnsRecords, resolverOf } from '../support/dns-records';
import { examine, troubles } from '../support/examine';

const RELAY = '192.0.2.10';

function keyOf(bits: number): string {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: bits });
  return publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
}

const KEY = keyOf(2048);
const { publicKey: ED25519 } = generateKeyPairSync('ed25519');
const ED25519_KEY = ED25519.export({ type: 'spki', format: 'der' })
  .subarray(-32)
  .toString('base64');

/** All is well with these. */
const GOOD: DnsRecords = {
  'sender.example TXT': ['other=1', 'v=spf1 include:spf.relay.example -all'],
  'spf.relay.example TXT': [`v=spf1 ip4:192.0.2.0/28 ip6:2001:db8::/48 ~all`],
  '_dmarc.sender.example TXT': ['v=DMARC1; p=reject; rua=mailto:dmarc@sender.example'],
  's1._domainkey.sender.example TXT': [`v=DKIM1; k=rsa; p=${KEY.slice(0, 200)}|${KEY.slice(200)}`],
  'sender.example MX': ['10 mx.sender.example'],
  'mx.sender.example A': ['192.0.2.25'],
  'support.example MX': ['10 mx.sender.example'],
};

const QUESTIONS: Omit<SenderQuestions, 'resolve'> = {
  from: 'noreply@sender.example',
  replyToDomains: ['support.example'],
  outgoing: [RELAY],
  dkimSelector: 's1',
};

const examineSender = (records: DnsRecords, questions: Partial<SenderQuestions> = {}) =>
  examine(
    senderExamination({
      ...QUESTIONS,
      resolve: resolverOf({ ...GOOD, ...records }),
      ...questions,
    }),
  );

describe('the doctor on the DNS of a sender', () => {
  it('finds everything well', async () => {
    const findings = await examineSender({});

    expect(findings.map(({ check, status }) => `${check} ${status}`).sort()).toEqual([
      'DKIM ok',
      'DMARC alignment ok',
      'DMARC policy ok',
      'Reply-To ok',
      'SPF of the relay ok',
      'SPF record ok',
      'bounces ok',
    ]);
  });

  it.each<[outgoing: string[], what: string]>([
    [['192.0.2.10'], 'pass for 192.0.2.10'],
    [['192.0.2.10', '2001:db8::1'], 'pass for 192.0.2.10, 2001:db8::1'],
    [['spf.relay.example'], 'pass for spf.relay.example (2 networks)'],
    [['mx.relay.example'], 'pass for mx.relay.example (1 network)'],
  ])('judges SPF for what the relay sends from: %j', async (outgoing, what) => {
    const records = {
      'mx.relay.example TXT': ['v=spf1 mx -all'],
      'mx.relay.example MX': ['10 out.relay.example'],
      'out.relay.example A': ['192.0.2.11'],
    };
    const findings = await examineSender(records, { outgoing });

    expect(findings.find(({ check }) => check === 'SPF of the relay')).toMatchObject({
      status: 'ok',
      what,
    });
  });

  it.each<[what: string, records: DnsRecords, selector: string, status: string]>([
    ['an aligned signature', {}, 's1', 'warning'],
    [
      'a signature of a subdomain, which relaxed alignment accepts',
      { 's1._domainkey.mail.sender.example TXT': [`v=DKIM1; p=${KEY}`] },
      's1._domainkey.mail.sender.example',
      'warning',
    ],
    [
      'a signature by a short key',
      { 's1._domainkey.sender.example TXT': [`v=DKIM1; p=${keyOf(1024)}`] },
      's1',
      'warning',
    ],
    [
      "the relay's own signature",
      { 's1._domainkey.relay.example TXT': [`v=DKIM1; p=${KEY}`] },
      's1._domainkey.relay.example',
      'failure',
    ],
    [
      'a signature of a subdomain, which strict alignment does not accept',
      {
        '_dmarc.sender.example TXT': ['v=DMARC1; p=reject; adkim=s'],
        's1._domainkey.mail.sender.example TXT': [`v=DKIM1; p=${KEY}`],
      },
      's1._domainkey.mail.sender.example',
      'failure',
    ],
    [
      'a key that is a test',
      { 's1._domainkey.sender.example TXT': [`v=DKIM1; t=y; p=${KEY}`] },
      's1',
      'failure',
    ],
    ['no key', { 's1._domainkey.sender.example TXT': undefined }, 's1', 'failure'],
  ])(
    'judges what SPF leaves open by whether DMARC can pass without it: %s',
    async (_what, records, dkimSelector, status) => {
      const uncovered = { ...records, 'sender.example TXT': ['v=spf1 ip4:198.51.100.7 ~all'] };
      const without = { ...records, 'sender.example TXT': undefined };

      const findings = await examineSender(uncovered, { dkimSelector });
      const absent = await examineSender(without, { dkimSelector });

      const spf = findings.find(({ check }) => check === 'SPF of the relay');
      expect(spf).toMatchObject({
        status,
        why: expect.stringContaining(
          status === 'warning' ? 'DMARC passes only if the relay signs for' : 'refuse it later',
        ),
      });
      expect(absent.find(({ check }) => check === 'SPF record')).toMatchObject({ status });
    },
  );

  it.each([
    ['-all', 'failure'],
    ['~all', 'warning'],
    ['?all', 'warning'],
  ])('judges SPF that ends with %s as a %s when a key is published', async (all, status) => {
    const findings = await examineSender({ [SPF]: [`v=spf1 ip4:198.51.100.7 ${all}`] });

    const spf = findings.find(({ check }) => check === 'SPF of the relay');
    expect(spf).toMatchObject({ status });
  });

  it('says that SPF and DKIM cannot be judged while nothing is known of the relay', async () => {
    const findings = await examineSender({}, { outgoing: undefined, dkimSelector: undefined });

    const skipped = findings.filter(({ status }) => status === 'skipped');
    expect(skipped.map(({ check, what }) => `${check}: ${what}`)).toEqual([
      'DKIM: cannot be judged: the selector is not known',
      "SPF of the relay: cannot be judged: the relay's outgoing addresses are not known",
      'DMARC alignment: cannot be judged: neither SPF nor DKIM could be',
    ]);
    expect(skipped.map(({ remedy }) => remedy)).toEqual([
      expect.stringContaining('SMTP_DKIM_SELECTOR'),
      expect.stringContaining('SMTP_OUTGOING_ADDRESSES'),
      expect.stringContaining('SMTP_OUTGOING_ADDRESSES'),
    ]);
    expect(troubles(findings)).toEqual([]);
  });

  it('says that SPF cannot be judged for a relay whose record lists no address', async () => {
    const records = { 'exists.example TXT': ['v=spf1 exists:%{i}._spf.exists.example -all'] };

    const findings = await examineSender(records, { outgoing: ['exists.example'] });

    expect(findings.find(({ check }) => check === 'SPF of the relay')).toEqual(
      expect.objectContaining({
        status: 'skipped',
        what: 'cannot be judged: the SPF record of exists.example does not list its addresses',
        remedy: expect.stringContaining('SMTP_OUTGOING_ADDRESSES'),
      }),
    );
    expect(troubles(findings)).toEqual([]);
  });

  it('reads an Ed25519 key, and one under the full name of its record', async () => {
    const records = {
      's2._domainkey.sender.example TXT': [`v=DKIM1; k=ed25519; p=${ED25519_KEY}`],
    };

    const findings = await examineSender(records, { dkimSelector: 's2._domainkey.sender.example' });

    expect(findings.find(({ check }) => check === 'DKIM')).toMatchObject({
      status: 'ok',
      what: 'ED25519 at s2._domainkey.sender.example',
    });
  });
});

const SPF = 'sender.example TXT';
const DMARC = '_dmarc.sender.example TXT';
const DKIM = 's1._domainkey.sender.example TXT';
const manyLookups = Object.fromEntries(
  Array.from({ length: 11 }, (_, at) => [`s${at}.example TXT`, ['v=spf1 ip4:203.0.113.1 ~all']]),
);
const includes = (names: number[]) => names.map((at) => `include:s${at}.example`).join(' ');

interface Fault {
  records: DnsRecords;
  questions?: Partial<SenderQuestions>;
  found: string[];
  /** A text is the whole remedy. */
  remedy: unknown;
}

describe('the doctor on a sender with a fault in its DNS', () => {
  it.each<[what: string, fault: Fault]>([
    [
      'that the relay is missing in SPF (-all)',
      {
        records: { [SPF]: ['v=spf1 ip4:198.51.100.7 -all'] },
        found: ['failure SPF of the relay: SPF of sender.example says fail for 192.0.2.10'],
        remedy:
          'Publish at sender.example, in place of its record, the TXT record "v=spf1 ip4:198.51.100.7 ip4:192.0.2.10 -all"; or correct SMTP_OUTGOING_ADDRESSES.',
      },
    ],
    [
      'that the relay is missing in SPF (~all), and DKIM is not known',
      {
        records: { [SPF]: ['v=spf1 ip4:198.51.100.7 ~all'] },
        questions: { dkimSelector: undefined },
        found: [
          'failure SPF of the relay: SPF of sender.example says softfail for 192.0.2.10',
          'failure DMARC alignment: neither SPF nor a known DKIM signature passes',
        ],
        remedy:
          'Publish at sender.example, in place of its record, the TXT record "v=spf1 ip4:198.51.100.7 ip4:192.0.2.10 ~all"; or correct SMTP_OUTGOING_ADDRESSES.',
      },
    ],
    [
      'that the relay is missing in SPF (~all), although a key is published',
      {
        records: { [SPF]: ['v=spf1 mx ~all'] },
        questions: { outgoing: ['spf.relay.example'] },
        found: [
          'warning SPF of the relay: SPF of sender.example says softfail for 192.0.2.0 (of spf.relay.example)',
        ],
        remedy: expect.stringMatching(/"v=spf1 mx include:spf\.relay\.example ~all"/),
      },
    ],
    [
      'that there is no SPF record',
      {
        records: { [SPF]: ['other=1'] },
        questions: { dkimSelector: undefined },
        found: [
          'failure SPF record: sender.example, the domain of SMTP_FROM_EMAIL, has no SPF record',
          'failure DMARC alignment: neither SPF nor a known DKIM signature passes',
        ],
        remedy: 'Publish a TXT record at sender.example: "v=spf1 ip4:192.0.2.10 ~all"',
      },
    ],
    [
      'that there are two SPF records',
      {
        records: { [SPF]: ['v=spf1 mx -all', 'v=spf1 include:spf.relay.example ~all'] },
        found: [
          'failure SPF record: sender.example has 2 SPF records, which count as an error (RFC 7208 §4.5)',
        ],
        remedy:
          'Publish one TXT record at sender.example instead: "v=spf1 mx include:spf.relay.example -all"',
      },
    ],
    [
      'that SPF needs too many look-ups',
      {
        records: {
          ...manyLookups,
          [SPF]: [`v=spf1 ${includes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])} -all`],
        },
        found: [
          'failure SPF record: the SPF record of sender.example cannot be evaluated: Too many DNS requests:',
        ],
        remedy: expect.stringMatching(/at most 10 of include/),
      },
    ],
    [
      'that SPF is at the limit of look-ups',
      {
        records: {
          ...manyLookups,
          [SPF]: [`v=spf1 ip4:192.0.2.10 ${includes([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])} -all`],
        },
        found: ['warning SPF record: "v=spf1 ip4:192.0.2.10 include:s0.example'],
        remedy: expect.stringMatching(/Remove from the TXT record/),
      },
    ],
    [
      'that an included domain has no SPF',
      {
        records: { [SPF]: ['v=spf1 include:gone.example -all'] },
        found: ['failure SPF record: the SPF record of sender.example cannot be evaluated:'],
        remedy: expect.stringMatching(/each include must have a record/),
      },
    ],
    [
      'that three names in SPF do not exist',
      {
        records: { [SPF]: ['v=spf1 a:x.example a:y.example a:z.example -all'] },
        found: [
          'failure SPF record: the SPF record of sender.example cannot be evaluated: Too many void DNS results',
        ],
        remedy: expect.stringMatching(/Correct the TXT record/),
      },
    ],
    [
      'that SPF allows everybody',
      {
        records: { [SPF]: ['v=spf1 +all'] },
        found: [
          'warning SPF record: the SPF record of sender.example allows every address: "v=spf1 +all"',
        ],
        remedy: expect.stringMatching(/~all or -all/),
      },
    ],
    [
      'that the include of the relay has no record',
      {
        records: {},
        questions: { outgoing: ['typo.relay.example'] },
        found: [
          'failure SPF of the relay: typo.relay.example of SMTP_OUTGOING_ADDRESSES has no SPF record',
        ],
        remedy: expect.stringMatching(/SMTP_OUTGOING_ADDRESSES/),
      },
    ],
    [
      'that there is no DMARC record',
      {
        records: { [DMARC]: undefined },
        found: [
          'warning DMARC policy: sender.example has no DMARC record, nor has a domain above it',
        ],
        remedy: 'Publish a TXT record at _dmarc.sender.example: "v=DMARC1; p=none; rua=mailto:…"',
      },
    ],
    [
      'that there are two DMARC records',
      {
        records: { [DMARC]: ['v=DMARC1; p=none', 'v=DMARC1; p=reject'] },
        found: [
          'failure DMARC policy: _dmarc.sender.example has 2 DMARC records, so that none of them counts',
        ],
        remedy: expect.stringMatching(/Publish one TXT record/),
      },
    ],
    [
      'that the policy of DMARC is misspelt',
      {
        records: { [DMARC]: ['v=DMARC1; p=rejekt'] },
        found: [
          'failure DMARC policy: the DMARC record "v=DMARC1; p=rejekt" is in error: p=rejekt is no policy',
        ],
        remedy: expect.stringMatching(/p=none, p=quarantine or p=reject/),
      },
    ],
    [
      'that DMARC only watches',
      {
        records: { [DMARC]: ['v=DMARC1; p=none'] },
        found: ['warning DMARC policy: policy none by "v=DMARC1; p=none" at _dmarc.sender.example'],
        remedy: expect.stringMatching(/p=quarantine/),
      },
    ],
    [
      'that receivers disagree, because it is a test for those of RFC 9989',
      {
        records: { [DMARC]: ['v=DMARC1; p=reject; t=y'] },
        found: [
          'warning DMARC policy: receivers of RFC 7489 take reject of _dmarc.sender.example, those of RFC 9989 quarantine of _dmarc.sender.example',
        ],
        remedy: expect.stringMatching(/without t=y/),
      },
    ],
    [
      'that the signature is of a subdomain, and DMARC is strict',
      {
        records: {
          [DMARC]: ['v=DMARC1; p=reject; adkim=s'],
          [SPF]: ['v=spf1 -all'],
          's1._domainkey.mail.sender.example TXT': [`v=DKIM1; p=${KEY}`],
        },
        questions: { dkimSelector: 's1._domainkey.mail.sender.example' },
        found: [
          'failure SPF of the relay: SPF of sender.example says fail',
          'failure DMARC alignment: the signature of mail.sender.example is not aligned with sender.example (strict) for receivers of RFC 7489 and RFC 9989',
        ],
        remedy: expect.stringMatching(/./),
      },
    ],
    [
      "that the signature is the relay's own",
      {
        records: { 's1._domainkey.relay.example TXT': [`v=DKIM1; p=${KEY}`] },
        questions: { dkimSelector: 's1._domainkey.relay.example' },
        found: [
          'warning DMARC alignment: the signature of relay.example is not aligned with sender.example (relaxed)',
        ],
        remedy: 'Have the relay sign with d=sender.example.',
      },
    ],
    [
      'that there is no DKIM key',
      {
        records: { [DKIM]: undefined },
        found: ['failure DKIM: there is no record at s1._domainkey.sender.example'],
        remedy: expect.stringMatching(/SMTP_DKIM_SELECTOR/),
      },
    ],
    [
      'that the DKIM key is revoked',
      {
        records: { [DKIM]: ['v=DKIM1; p='] },
        found: ['failure DKIM: the key at s1._domainkey.sender.example is revoked: p= is empty'],
        remedy: expect.stringMatching(/SMTP_DKIM_SELECTOR/),
      },
    ],
    [
      'that there are two DKIM keys',
      {
        records: { [DKIM]: [`v=DKIM1; p=${KEY}`, `v=DKIM1; p=${KEY}`] },
        found: ['failure DKIM: there are 2 records at s1._domainkey.sender.example'],
        remedy: expect.stringMatching(/SMTP_DKIM_SELECTOR/),
      },
    ],
    [
      'that the DKIM key is cut off',
      {
        records: { [DKIM]: [`v=DKIM1; p=${KEY.slice(0, 255)}`] },
        found: ['failure DKIM: the key at s1._domainkey.sender.example cannot be read'],
        remedy: expect.stringMatching(/SMTP_DKIM_SELECTOR/),
      },
    ],
    [
      'that the DKIM key is short',
      {
        records: { [DKIM]: [`v=DKIM1; p=${keyOf(1024)}`] },
        found: ['warning DKIM: RSA of 1024 bits at s1._domainkey.sender.example'],
        remedy: expect.stringMatching(/longer key/),
      },
    ],
    [
      'that the DKIM key is a test',
      {
        records: { [DKIM]: [`v=DKIM1; t=y; p=${KEY}`] },
        found: [
          'warning DKIM: RSA of 2048 bits at s1._domainkey.sender.example is marked as a test',
        ],
        remedy: expect.stringMatching(/t=y/),
      },
    ],
    [
      'that the domain of Reply-To takes no mail',
      {
        records: { 'support.example MX': ['0 '] },
        found: ['failure Reply-To: support.example declares that it takes no mail (null MX)'],
        remedy: expect.stringMatching(/SMTP_REPLY_TO/),
      },
    ],
    [
      'that the domain of Reply-To does not exist',
      {
        records: {},
        questions: { replyToDomains: ['gone.example'] },
        found: ['failure Reply-To: gone.example has neither MX nor address'],
        remedy: expect.stringMatching(/SMTP_REPLY_TO/),
      },
    ],
    [
      'that the MX for bounces has no address',
      {
        records: { 'sender.example MX': ['10 gone.example'] },
        found: ['failure bounces: the MX of sender.example, gone.example, has no address'],
        remedy: expect.stringMatching(/SMTP_FROM_EMAIL/),
      },
    ],
    [
      'that bounces go to a host without an MX',
      {
        records: { 'sender.example MX': undefined, 'sender.example A': ['192.0.2.80'] },
        found: [
          'warning bounces: sender.example has no MX, so that mail goes to its own address 192.0.2.80',
        ],
        remedy: expect.stringMatching(/MX record/),
      },
    ],
  ])('finds %s', async (_what, { records, questions, found, remedy }) => {
    const findings = await examineSender(records, questions);

    const shown = troubles(findings);
    expect(shown.map((text, at) => text.slice(0, found[at]?.length))).toEqual(found);
    const [first] = findings.filter(({ status }) => status === 'failure' || status === 'warning');
    expect(first?.remedy).toEqual(remedy);
  });

  it('says of a DNS that does not answer that it does not', async () => {
    const silent = () => Promise.reject(Object.assign(new Error('late'), { code: 'ETIMEOUT' }));

    const findings = await examineSender({}, { resolve: silent });

    expect(troubles(findings)).toContainEqual(
      'failure SPF record: the DNS does not answer: ETIMEOUT for sender.example',
    );
    expect(findings[0]?.remedy).toMatch(/--dns-server/);
  });
});
