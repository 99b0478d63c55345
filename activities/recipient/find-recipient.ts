import { log } from '@temporalio/activity';
import type { Recipient, Unsent } from '../../workflows/core/deliver';
import { orGiveUp } from '../or-give-up';
import { parseAddress, type RecipientAddress } from './recipient-address';
import type { RecipientDirectory } from './recipient-directory';

export interface RecipientDependencies {
  recipients: RecipientDirectory;
  giveUpAfterMs: number;
}

export interface RecipientQuery {
  userId: string;
  /** ISO 8601: the start of the delivery. */
  startedAt: string;
}

export interface FoundRecipient extends Recipient {
  address: RecipientAddress;
}

export type FindRecipient = ReturnType<typeof createFindRecipient>;

/** The first valid address of a user. It stays in this process: no activity returns it. */
export function createFindRecipient({ recipients, giveUpAfterMs }: RecipientDependencies) {
  return function findRecipient({
    userId,
    startedAt,
  }: RecipientQuery): Promise<FoundRecipient | Unsent> {
    return orGiveUp({ startedAt, giveUpAfterMs }, async () => {
      const stored = await recipients.findAddresses(userId).catch((err: unknown) => {
        log.warn('bulk_upload_notification.profile_lookup_failed', { error: err });
        throw err;
      });
      if ('reason' in stored) return stored;
      for (const { source, text } of stored) {
        const address = parseAddress(text);
        if ('address' in address) return { source, address };
      }
      return { reason: 'recipient_missing' };
    });
  };
}
