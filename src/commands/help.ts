import type { Command, Options } from './command';

const JSON_OPTION = {
  json: { type: 'boolean', about: 'one line of JSON on stdout, for scripts' },
} satisfies Options;

/** The options of a command, with those that all reports have. */
export function optionsOf({ options, output }: Command): Options {
  return output === 'report' ? { ...options, ...JSON_OPTION } : options;
}

const GENERAL_OPTIONS: [string, string][] = [
  ['-h, --help', 'show this text, or the help of a command'],
  ['-v, --version', 'show the version'],
];

export function generalHelp(commands: readonly Command[]): string {
  const rows = commands.map((command): [string, string] => [synopsis(command), command.about]);
  return `Usage: bulk-notify <command>

One email when a bulk upload has been verified.

Commands:
${columns([...rows, ['help [COMMAND]', 'show the help of a command']])}

Options:
${columns(GENERAL_OPTIONS)}

Environment variables configure everything: see docs/configuration.md.
Exit codes: 0 done or found, 1 failed or not found, 2 wrong usage or configuration.
`;
}

export function commandHelp(command: Command): string {
  const options = Object.entries(optionsOf(command)).map(
    ([name, { value, about }]): [string, string] => [
      value ? `--${name} ${value}` : `--${name}`,
      about,
    ],
  );
  const optionList = options.length > 0 ? `\nOptions:\n${columns(options)}\n` : '';
  return `Usage: bulk-notify ${synopsis(command)}${options.length > 0 ? ' [options]' : ''}

  ${command.about}
${optionList}`;
}

function synopsis({ name, usage }: Command): string {
  return `${name} ${usage}`.trim();
}

function columns(rows: [string, string][]): string {
  const width = Math.max(...rows.map(([term]) => term.length));
  return rows.map(([term, about]) => `  ${term.padEnd(width)}  ${about}`).join('\n');
}
