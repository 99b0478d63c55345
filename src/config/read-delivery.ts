import { describeVariables } from './describe-variables';
import type { EnvironmentReader } from './environment-reader';
import * as value from './environment-values';

const delivery = describeVariables('Delivery', {
  GIVE_UP_AFTER: {
    schema: value.duration.prefault('96h'),
    about: 'How long a delivery is tried before the notification is parked.',
  },
  SMTP_UNCERTAIN_POLICY: {
    schema: value.uncertainPolicy.prefault('resend'),
    about:
      'What happens when the relay may or may not have accepted an email: send it again with the ' +
      'same Message-ID, Date and bytes, park the notification, or count it as sent.',
  },
  SMTP_MAX_PER_SECOND: {
    schema: value.positiveNumber.optional(),
    otherwise: 'no limit',
    about: 'Sends per second over all workers.',
  },
  RECIPIENT_MAX_PER_DAY: {
    schema: value.wholeNumber(0, 1_000_000).default(500),
    about:
      'How many emails one address gets in 24 hours, resends aside; further ones are parked as ' +
      '`recipient_limit`. 0 means no limit.',
  },
});

const requests = describeVariables('Delivery', {
  RESEND_WINDOW: {
    schema: value.durationOrNone.prefault('72h'),
    about: 'How long a settled run stays open for the signal `resend`. 0 closes it at once.',
  },
});

export function readDelivery({ read }: EnvironmentReader) {
  return {
    uncertainPolicy: read(delivery.SMTP_UNCERTAIN_POLICY),
    giveUpAfterMs: read(delivery.GIVE_UP_AFTER),
    recipientMaxPerDay: read(delivery.RECIPIENT_MAX_PER_DAY),
    sendsPerSecond: read(delivery.SMTP_MAX_PER_SECOND),
  };
}

/** The doctor judges whether the server can order what waits because of it. */
export function readSendsPerSecond({ read }: EnvironmentReader): number | undefined {
  return read(delivery.SMTP_MAX_PER_SECOND);
}

/** Operators are told until when the workers try. */
export function readGiveUpAfter({ read }: EnvironmentReader): number {
  return read(delivery.GIVE_UP_AFTER);
}

export function readResendWindow({ read }: EnvironmentReader): number {
  return read(requests.RESEND_WINDOW);
}
