import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { name as tools, devDependencies as packages } from '../../tools/package.json';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');
/** `npm …` of the Dockerfile, in its order: stage build installs and builds, then dependencies. */
const commands = [...dockerfile.matchAll(/^RUN (?:--mount=\S+ )?npm (.+)$/gm)].map(([, it]) => it);
const [install = '', build = '', installForProduction = ''] = commands;

let directories: string[] = [];

afterEach(() => {
  for (const directory of directories) rmSync(directory, { recursive: true });
  directories = [];
});

/** A directory with these files and folders of the checkout, as git knows them. */
function copyOf(paths: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'bulk-notify-image-'));
  directories.push(directory);
  const options = ['--cached', '--others', '--exclude-standard', '-z', '--', ...paths];
  const listed = execFileSync('git', ['ls-files', ...options], { cwd: root, encoding: 'utf8' });
  for (const name of listed.split('\0').filter(Boolean)) {
    cpSync(join(root, name), join(directory, name));
  }
  return directory;
}

/** What the builder is given: the lines of .dockerignore that let something through. */
function readContext(): string[] {
  const text = readFileSync(join(root, '.dockerignore'), 'utf8');
  return [...text.matchAll(/^!(.+)$/gm)].map(([, path = '']) => path);
}

function npm(directory: string, command: string) {
  const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_loglevel: 'error' };
  return run('npm', command.split(' '), { cwd: directory, env, maxBuffer: 16 * 1024 * 1024 });
}

describe('the image', () => {
  it('is built from its context, which has no tools', async () => {
    const directory = copyOf(readContext());

    await npm(directory, install);
    await npm(directory, build);

    expect(readdirSync(join(directory, 'dist'))).toContain('workflow-bundle.js');
    expect(readdirSync(join(directory, 'dist'))).not.toContain('tools');
    expect(readdirSync(join(directory, 'node_modules'))).not.toContain(tools);
  }, 300_000);

  it('holds neither the tools, nor their packages, nor those of the build', async () => {
    const directory = copyOf(['.npmrc', 'package.json', 'package-lock.json']);

    await npm(directory, installForProduction);

    const options = { encoding: 'utf8', recursive: true } as const;
    const installed = readdirSync(join(directory, 'node_modules'), options);
    expect(installed).toContain('nodemailer');
    const unwanted = [tools, ...Object.keys(packages), 'typescript', 'jest'];
    expect(installed.filter((name) => unwanted.includes(name))).toEqual([]);
  }, 300_000);
});
