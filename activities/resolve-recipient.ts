import { log } from '@temporalio/activity';
import { transient } from './failures';
import { parseAddress } from './recipient-address';
import type { RecipientDirectory } from './types';

export function createResolveRecipient({ recipients }: { recipients: RecipientDirectory }) {
  return async function resolveRecipient(
    userId: string,
  ): Promise<{ address: string } | { reason: 'recipient_missing' }> {
    const found = await recipients.findAddresses(userId);
    if ('fault' in found) {
      log.warn('bulk_upload_notification.profile_lookup_failed', { message: found.message });
      throw transient('DatabaseUnavailable', found.message);
    }
    for (const text of found.addresses) {
      const parsed = parseAddress(text);
      if ('address' in parsed) return { address: parsed.address };
    }
    return { reason: 'recipient_missing' };
  };
}
