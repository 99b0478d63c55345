import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationTables } from '../../scripts/configuration-tables';
import { READERS } from '../../src/config/config';
import { describeVariables, optional } from '../../src/config/describe-variables';
import type { EnvironmentReader } from '../../src/config/environment-reader';
import * as value from '../../src/config/environment-values';

const relay = describeVariables('Mail relay', {
  RELAY: { schema: value.relayHost, about: 'The relay.' },
  KEY: { schema: value.verbatim.optional(), secret: true, about: 'Its key.' },
});
const delivery = describeVariables('Delivery', {
  WINDOW: { schema: value.duration.prefault('72h'), about: 'How long.' },
});

const readers = {
  send: ({ read }: EnvironmentReader) => [read(relay.RELAY), read(delivery.WINDOW)],
  check: ({ read }: EnvironmentReader) => [
    read(optional(relay.RELAY, 'no check')),
    read(relay.KEY),
    read(delivery.WINDOW),
  ],
};

describe('configurationTables', () => {
  it('lists what is required, then a table for each group with the commands that read a variable', () => {
    expect(configurationTables(readers).replaceAll(/ {2,}/g, ' ').replaceAll(/-{2,}/g, '-')).toBe(
      [
        '## Required',
        '',
        '- `send`: `RELAY`',
        '',
        '## Mail relay',
        '',
        '| Variable | Value | Default | Read by | Meaning |',
        '| - | - | - | - | - |',
        '| `RELAY` | host name or IP address | send: required; check: no check | all | The relay. |',
        '| `KEY` ✱ | text | none | check | Its key. |',
        '',
        '## Delivery',
        '',
        '| Variable | Value | Default | Read by | Meaning |',
        '| - | - | - | - | - |',
        '| `WINDOW` | duration | `72h` | all | How long. |',
      ].join('\n'),
    );
  });

  it('gives the tables of docs/configuration.md', () => {
    const page = readFileSync(join(__dirname, '../../docs/configuration.md'), 'utf8');

    expect(page).toContain(`\n${configurationTables(READERS)}\n`);
  });
});
