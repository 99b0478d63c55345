import { log } from '@temporalio/activity';
import { waitedMs } from '../elapsed';
import { parseAddress } from './recipient-address';
import type { RecipientDirectory } from './recipient-directory';

export interface RecipientDependencies {
  recipients: RecipientDirectory;
  giveUpAfterMs: number;
  /** No rate limit is kept by the task queue, so that a mail need not go through it. */
  sendsAtOnce: boolean;
}

/** `atOnce` is in the answer because the history has to know how the run went on. */
export interface Recipient {
  address: string;
  atOnce?: true;
}

export function createResolveRecipient(deps: RecipientDependencies) {
  const { recipients, giveUpAfterMs, sendsAtOnce } = deps;

  return async function resolveRecipient(
    userId: string,
  ): Promise<Recipient | { reason: 'recipient_missing' | 'gave_up' }> {
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
      if ('address' in parsed) {
        return { address: parsed.address, ...(sendsAtOnce && { atOnce: true }) };
      }
    }
    return { reason: 'recipient_missing' };
  };
}
