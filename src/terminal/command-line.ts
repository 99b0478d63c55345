/** A command that can be copied into a shell, with an argument for each option that has a value. */
export function commandLine(
  name: string,
  positionals: string[],
  options: Record<string, string | number | true | undefined> = {},
): string {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const words = given.flatMap(([option, value]) =>
    value === true ? [`--${option}`] : optionWithValue(option, String(value)),
  );
  return ['bulk-notify', name, ...positionals.map(quote), ...words].join(' ');
}

/** `parseArgs` refuses a value that begins with a dash, unless it is in the word of its option. */
function optionWithValue(option: string, value: string): string[] {
  return value.startsWith('-') ? [`--${option}=${quote(value)}`] : [`--${option}`, quote(value)];
}

/** For POSIX shells. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
