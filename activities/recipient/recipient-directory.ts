/** Addresses of users. Rejects when the database cannot be asked. */
export interface RecipientDirectory {
  /** Candidate addresses as stored, best first; blanks left out. */
  findAddresses(userId: string): Promise<string[]>;
}
