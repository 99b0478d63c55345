import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const senderDns = describeVariables('Mail relay', {
  SMTP_OUTGOING_ADDRESSES: {
    schema: value.outgoingAddresses.optional(),
    otherwise: '`doctor` cannot judge SPF',
    about:
      'Where the relay sends mail on from, for `doctor`: IP addresses, or the domain that the ' +
      "relay's manual names for `include:`, separated by commas.",
  },
  SMTP_DKIM_SELECTOR: {
    schema: value.dkimSelector.optional(),
    otherwise: '`doctor` cannot judge DKIM',
    about:
      "Selector of the relay's DKIM signature (its `s=`), for `doctor`; with another domain than " +
      'the one of `SMTP_FROM_EMAIL` in full, such as `s1._domainkey.mail.example`.',
  },
});

/** What the DNS of the sender's domain has to allow; only the relay's operator knows it. */
export function readSenderDns({ read }: EnvironmentReader) {
  return {
    outgoing: read(senderDns.SMTP_OUTGOING_ADDRESSES),
    dkimSelector: read(senderDns.SMTP_DKIM_SELECTOR),
  };
}
