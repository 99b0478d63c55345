import { parseArgs } from 'node:util';
import { commandLine } from '../../src/terminal/command-line';

describe('commandLine', () => {
  it.each([
    ['bulk-notify list --file x.csv', { file: 'x.csv' }],
    ["bulk-notify list --file 'my file.csv'", { file: 'my file.csv' }],
    ['bulk-notify list --file=-x.csv', { file: '-x.csv' }],
    ["bulk-notify list --file='-my file.csv'", { file: '-my file.csv' }],
    ["bulk-notify list --file='--it'\\''s.csv'", { file: "--it's.csv" }],
    ['bulk-notify list --reveal', { reveal: true as const }],
    ['bulk-notify list', { file: undefined }],
  ])('writes %s', (line, options) => {
    expect(commandLine('list', [], options)).toBe(line);
  });

  it('writes a value that begins with a dash so that the command takes it', () => {
    const [word = ''] = commandLine('list', [], { file: '-x.csv' }).split(' ').slice(2);

    const { values } = parseArgs({ args: [word], options: { file: { type: 'string' } } });

    expect(values.file).toBe('-x.csv');
  });
});
