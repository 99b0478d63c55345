import type { Recipient, Unsent } from '../../workflows/core/deliver';

/** An address as it is stored. */
export interface StoredAddress extends Recipient {
  text: string;
}

/** Addresses of users. Rejects when the database cannot be asked. */
export interface RecipientDirectory {
  /** Candidate addresses, best first and blanks left out, or why the user gets no mail. */
  findAddresses(userId: string): Promise<StoredAddress[] | Unsent>;
}
