const coloured = process.stdout.isTTY && process.stdout.hasColors();
const paint = (code: number) => (text: string) =>
  coloured ? `\u001B[${code}m${text}\u001B[0m` : text;

/** Colours only in a terminal without NO_COLOR. */
export const terminal = {
  bold: paint(1),
  quiet: paint(2),
  green: paint(32),
  red: paint(31),
  say(...lines: string[]): void {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  },
};
