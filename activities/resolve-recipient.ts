import { log } from '@temporalio/activity';
import { waitedMs } from './patience';
import { parseAddress } from './recipient-address';
import type { RecipientDirectory } from './types';

export interface RecipientDependencies {
  recipients: RecipientDirectory;
  giveUpAfterMs: number;
}

export function createResolveRecipient({ recipients, giveUpAfterMs }: RecipientDependencies) {
  return async function resolveRecipient(
    userId: string,
  ): Promise<{ address: string } | { reason: 'recipient_missing' | 'gave_up' }> {
    let stored: string[];
    try {
      stored = await recipients.findAddresses(userId);
    } catch (err) {
      log.warn('bulk_upload_notification.profile_lookup_failed', { error: err });
      if (waitedMs() >= giveUpAfterMs) return { reason: 'gave_up' };
      throw err;
    }
    for (const text of stored) {
      const parsed = parseAddress(text);
      if ('address' in parsed) return { address: parsed.address };
    }
    return { reason: 'recipient_missing' };
  };
}
