import { randomUUID } from 'node:crypto';

/** An address that no other test mails to. */
export const newRecipient = () => `owner-${randomUUID()}@customer.example`;
