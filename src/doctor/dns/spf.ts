import { isIP } from 'node:net';
import { spf } from 'mailauth/lib/spf';
import { count } from '../../operator/count';
import { failure, type Judgement, ok, skipped, warning } from '../finding';
import { DnsFault, type Resolve } from './resolver';
import { addressesOf, extendRecord, findSpfRecords, joinRecords, mechanismFor } from './spf-record';

export interface SpfQuestions {
  /** The envelope sender. */
  from: string;
  domain: string;
  /** Addresses, or domains of SPF records, from which the relay sends mail on. */
  outgoing: readonly string[] | undefined;
  /** The domain whose DKIM signature would make DMARC pass without SPF, if there is one. */
  signedFor?: string;
  resolve: Resolve;
}

/** Of class E: no host has it, so that the evaluation reads the whole record. */
const NOBODY = '240.0.0.1';
const LOOKUPS_MAX = 10;
const LATE_BOUNCE =
  'The relay takes the email with 250, and receivers refuse it later: it bounces or lands in spam, unless the relay puts a domain of its own into MAIL FROM.';

interface Uncovered {
  what: string;
  remedy: string;
  /** The results of SPF. */
  results: string[];
}

/**
 * Receivers may refuse by SPF's `fail` before they look at DMARC. What SPF leaves open fails as well,
 * unless DMARC can pass all the same: the key is published, and the doctor has seen no signature.
 */
function uncovered({ signedFor }: SpfQuestions, { what, remedy, results }: Uncovered): Judgement {
  const isOpen = results.every((result) => ['none', 'neutral', 'softfail'].includes(result));
  if (signedFor === undefined || !isOpen) return failure({ what, why: LATE_BOUNCE, remedy });
  const why = `DMARC passes only if the relay signs for ${signedFor} with the key of SMTP_DKIM_SELECTOR, and fails once a forwarder changes the email.`;
  return warning({ what, why, remedy });
}

/** The record by itself: there is one, and its evaluation comes to an end. */
export async function judgeSpfRecord(questions: SpfQuestions): Promise<Judgement> {
  const { domain, resolve } = questions;
  const records = await findSpfRecords(resolve, domain);
  const [record] = records;
  if (record === undefined) return absent(questions);
  if (records.length > 1) {
    return failure({
      what: `${domain} has ${records.length} SPF records, which count as an error (RFC 7208 §4.5)`,
      why: LATE_BOUNCE,
      remedy: `Publish one TXT record at ${domain} instead: "${joinRecords(records)}"`,
    });
  }
  const { result, detail, lookups } = await evaluate(questions, NOBODY);
  if (result === 'permerror') {
    return failure({
      what: `the SPF record of ${domain} cannot be evaluated: ${detail ?? 'an error in it'}: "${record}"`,
      why: LATE_BOUNCE,
      remedy: `Correct the TXT record at ${domain}: at most ${LOOKUPS_MAX} of include, a, mx, ptr, exists and redirect in all, and each include must have a record.`,
    });
  }
  if (result === 'pass') {
    return warning({
      what: `the SPF record of ${domain} allows every address: "${record}"`,
      why: 'Anybody can send in your name, and receivers count such a record against you.',
      remedy: `End the TXT record at ${domain} with ~all or -all.`,
    });
  }
  const text = `"${record}", ${lookups} of ${LOOKUPS_MAX} look-ups`;
  if (lookups < LOOKUPS_MAX) return ok(text);
  return warning({
    what: text,
    why: 'The next include, or one more in a record that you include, makes it an error.',
    remedy: `Remove from the TXT record at ${domain} what no longer sends.`,
  });
}

function absent(questions: SpfQuestions): Judgement {
  const { domain, outgoing = [] } = questions;
  const mechanisms = outgoing.length > 0 ? outgoing.map(mechanismFor) : ['include:…'];
  const record = extendRecord('v=spf1', mechanisms);
  const source = outgoing.length > 0 ? '' : " (the relay's manual names the domain to include)";
  return uncovered(questions, {
    what: `${domain}, the domain of SMTP_FROM_EMAIL, has no SPF record`,
    results: ['none'],
    remedy: `Publish a TXT record at ${domain}: "${record}"${source}`,
  });
}

/** Whether the record allows what the relay sends from; the name of the relay does not tell. */
export async function judgeOutgoing(questions: SpfQuestions): Promise<Judgement> {
  const { domain, outgoing, resolve } = questions;
  if ((await findSpfRecords(resolve, domain)).length === 0) {
    return skipped('not judged: there is no SPF record');
  }
  if (!outgoing) {
    return skipped(
      "cannot be judged: the relay's outgoing addresses are not known",
      "Set SMTP_OUTGOING_ADDRESSES to them, or to the domain that the relay's manual names for SPF; or read them in the header Received of an email that came (--send-to ADDRESS).",
    );
  }
  const senders = await Promise.all(outgoing.map((entry) => sendersOf(resolve, entry)));
  const unpublished = senders.filter(({ hasRecord }) => !hasRecord);
  if (unpublished.length > 0) {
    return failure({
      what: `${namesOf(unpublished)} of SMTP_OUTGOING_ADDRESSES has no SPF record`,
      why: 'SPF cannot be judged, and a record that includes it is in error.',
      remedy: "Correct SMTP_OUTGOING_ADDRESSES by the relay's manual.",
    });
  }
  const verdicts = await Promise.all(senders.map((sender) => judgeSender(questions, sender)));
  if (verdicts.some(({ refused }) => refused)) return refusedSenders(questions, verdicts);
  const unlisted = senders.filter(({ addresses }) => addresses.length === 0);
  if (unlisted.length > 0) {
    return skipped(
      `cannot be judged: the SPF record of ${namesOf(unlisted)} does not list its addresses`,
      "Set SMTP_OUTGOING_ADDRESSES to the relay's IP addresses.",
    );
  }
  return ok(`pass for ${verdicts.map(({ text }) => text).join(', ')}`);
}

const namesOf = (senders: Sender[]) => senders.map(({ entry }) => entry).join(', ');

interface Sender {
  entry: string;
  /** False for a domain without an SPF record. */
  hasRecord: boolean;
  /** None if the record names none, as with `exists:`. */
  addresses: string[];
}

interface SenderVerdict {
  entry: string;
  text: string;
  /** What SPF says of an address that it does not allow. */
  refused?: { result: string; address: string; detail?: string };
}

async function sendersOf(resolve: Resolve, entry: string): Promise<Sender> {
  if (isIP(entry)) return { entry, hasRecord: true, addresses: [entry] };
  const records = await findSpfRecords(resolve, entry);
  const addresses = await addressesOf(resolve, entry);
  return { entry, hasRecord: records.length > 0, addresses };
}

async function judgeSender(
  questions: SpfQuestions,
  { entry, addresses }: Sender,
): Promise<SenderVerdict> {
  const results = await Promise.all(
    addresses.map(async (address) => ({ address, ...(await evaluate(questions, address)) })),
  );
  const refused = results.find(({ result }) => result !== 'pass');
  const text = isIP(entry) ? entry : `${entry} (${count(addresses.length, 'network')})`;
  return { entry, text, ...(refused && { refused }) };
}

async function refusedSenders(
  questions: SpfQuestions,
  verdicts: SenderVerdict[],
): Promise<Judgement> {
  const { domain, resolve } = questions;
  const refused = verdicts.filter((verdict) => verdict.refused);
  const facts = refused.map(
    ({ entry, refused: { result, address, detail } = { result: '', address: '' } }) => {
      const of = entry === address ? address : `${address} (of ${entry})`;
      return `${result} for ${of}${detail ? `: ${detail}` : ''}`;
    },
  );
  const [record = 'v=spf1'] = await findSpfRecords(resolve, domain);
  const wanted = extendRecord(
    record,
    refused.map(({ entry }) => mechanismFor(entry)),
  );
  return uncovered(questions, {
    what: `SPF of ${domain} says ${facts.join(', ')}`,
    results: refused.map(({ refused: { result } = { result: '' } }) => result),
    remedy: `Publish at ${domain}, in place of its record, the TXT record "${wanted}"; or correct SMTP_OUTGOING_ADDRESSES.`,
  });
}

async function evaluate({ from, domain, resolve }: SpfQuestions, address: string) {
  const { status, lookups } = await spf({
    sender: from,
    ip: address,
    helo: domain,
    mta: 'doctor',
    resolver: resolve as never,
  });
  const { result, comment = '' } = status as { result: string; comment?: string };
  const [, detail] = /during lookup of \S+: (.*)$/.exec(comment) ?? [];
  if (result === 'temperror') throw new DnsFault(detail ?? 'temperror', 'SPF');
  return { result, detail, lookups: lookups?.count ?? 0 };
}
