import { z } from 'zod';
import { GROUPS, type Variable } from '../src/config/describe-variables';
import { createEnvironmentReader, type EnvironmentReader } from '../src/config/environment-reader';

type Readers = Record<string, (reader: EnvironmentReader) => unknown>;

/** A variable as one command reads it. */
interface Use {
  command: string;
  variable: Variable;
  required: boolean;
}

/** The generated part of docs/configuration.md: what is required, then a table for each group. */
export function configurationTables(readers: Readers): string {
  const uses = Object.entries(readers).flatMap(([command, read]) => usesOf(command, read));
  const commands = Object.keys(readers);
  return [requiredSection(commands, uses), ...GROUPS.map((group) => section(group, uses, commands))]
    .filter(Boolean)
    .join('\n\n');
}

function usesOf(command: string, read: Readers[string]): Use[] {
  const reader = createEnvironmentReader({});
  read(reader);
  const missing = new Set(reader.faults.map((fault) => fault.split(' ')[0]));
  // A variable may belong to several parts of a command.
  const variables = new Map(reader.variables.toReversed().map((it) => [it.name, it]));
  return [...variables.values()].toReversed().map((variable) => ({
    command,
    variable,
    required: missing.has(variable.name),
  }));
}

function requiredSection(commands: string[], uses: Use[]): string {
  const lines = commands.flatMap((command) => {
    const names = uses
      .filter((use) => use.command === command && use.required)
      .map(({ variable }) => nameOf(variable));
    return names.length > 0 ? [`- \`${command}\`: ${names.join(', ')}`] : [];
  });
  return `## Required\n\n${lines.join('\n')}`;
}

function section(group: Variable['group'], uses: Use[], commands: string[]): string {
  const ofGroup = uses.filter(({ variable }) => variable.group === group);
  const names = [...new Set(ofGroup.map(({ variable }) => variable.name))];
  if (names.length === 0) return '';
  const rows = names.map((name) =>
    row(
      ofGroup.filter(({ variable }) => variable.name === name),
      commands,
    ),
  );
  return `## ${group}\n\n${table(['Variable', 'Value', 'Default', 'Read by', 'Meaning'], rows)}`;
}

function row(uses: Use[], commands: string[]): string[] {
  const [{ variable }] = uses as [Use];
  const readBy = uses.map(({ command }) => command);
  const everyCommand = commands.every((command) => readBy.includes(command));
  return [
    nameOf(variable),
    kindOf(variable.schema),
    defaultsOf(uses),
    everyCommand ? 'all' : readBy.join(', '),
    variable.about,
  ];
}

function defaultsOf(uses: Use[]): string {
  const defaults = new Set(uses.map(defaultOf));
  if (defaults.size === 1) return [...defaults].join('');
  return uses.map((use) => `${use.command}: ${defaultOf(use)}`).join('; ');
}

function defaultOf({ variable: { schema, otherwise }, required }: Use): string {
  if (otherwise) return otherwise;
  if (required) return 'required';
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault
    ? `\`${String(schema.def.defaultValue)}\``
    : 'none';
}

function kindOf(schema: unknown): string {
  if (!(schema instanceof z.ZodType))
    throw new Error('A variable needs a schema with a description');
  return schema.description ?? kindOf((schema.def as { innerType?: unknown }).innerType);
}

function nameOf({ name, secret }: Variable): string {
  return secret ? `\`${name}\` ✱` : `\`${name}\``;
}

/** Aligned as Prettier does it. */
function table(head: string[], rows: string[][]): string {
  const widths = head.map((_, at) =>
    Math.max(...[head, ...rows].map((cells) => cells[at]?.length ?? 0)),
  );
  const line = (cells: string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
