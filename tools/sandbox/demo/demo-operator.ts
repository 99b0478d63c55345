import { CLI } from '../service/service-process';
import { serviceUrls } from '../service/service-urls';
import type { DemoParts } from './demo-parts';
import { scratchFile } from './scratch-file';
import { terminal } from './terminal';

const { bold, quiet, say } = terminal;

/** The page for an operator, and the commands with the demo's configuration. */
export function showOperatorSide({ api, owner, adminToken, environment }: DemoParts): void {
  const configured = { ...environment, PUBLIC_BASE_URL: serviceUrls(api.port).base };
  const command = scratchFile('bulk-notify', toScript(configured), 0o700);
  say('', bold('Where is my mail?'), '');
  say(`  Page for support  http://127.0.0.1:${api.adminPort}/`);
  say(`  Its token         ${adminToken}`, '');
  say(`${command} show ${owner.email}`, `${command} doctor`);
  say('', quiet('  --help lists the other commands.'));
}

/** The command with these variables alone: those of the user's shell may name a real service. */
function toScript(variables: Record<string, string>): string {
  const settings = Object.entries(variables).map(
    ([name, value]) => `  ${name}=${quoted(value)} \\`,
  );
  const command = `  ${quoted(process.execPath)} ${quoted(CLI)} "$@"`;
  return ['#!/bin/sh', 'exec env -i PATH="$PATH" \\', ...settings, command, ''].join('\n');
}

/** For a POSIX shell, which expands nothing between single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
