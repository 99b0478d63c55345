export const isAddress = (text: string) => /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text.trim());

/** The index of the first column that has addresses; 0 if none has. */
export const addressColumn = (rows: string[][]) =>
  rows.find((row) => row.some(isAddress))?.findIndex(isAddress) ?? 0;
