/** A word of the ledger, as a person reads it: `recipient_missing` is `recipient missing`. */
export const inWords = (word: string): string => word.replaceAll('_', ' ');
