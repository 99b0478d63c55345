import type { Recipient, Unsent } from '../../workflows/core/deliver';
import type { FindRecipient, RecipientQuery } from './find-recipient';

/** Says whether a user has an address, and where; the send looks it up again. */
export function createResolveRecipient(findRecipient: FindRecipient) {
  return async function resolveRecipient(query: RecipientQuery): Promise<Recipient | Unsent> {
    const found = await findRecipient(query);
    return 'reason' in found ? found : { source: found.source };
  };
}
