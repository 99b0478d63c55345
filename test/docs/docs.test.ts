import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { COMMANDS } from '../../src/commands/commands';
import { optionsOf } from '../../src/commands/help';
import { seriesOf, serviceMetrics } from '../support/service-metrics';

const ROOT = join(__dirname, '../..');
const FOLDERS = ['.', '.github', 'docs', 'examples'];
const pages = FOLDERS.flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name)),
);
const read = (page: string) => readFileSync(join(ROOT, page), 'utf8');
/** Names in capitals that are no variables of the service. */
const OTHER_NAMES = [
  'ALIKE_REFUSALS_MAX',
  'ERR_SSL_WRONG_VERSION_NUMBER',
  'REDIS_URL',
  'REJECT_DUPLICATE',
  'SELF_SIGNED_CERT_IN_CHAIN',
];
const FENCE = /^```[\s\S]+?^```$/gm;
const prose = (page: string) => read(page).replace(FENCE, '');

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const targets = [...prose(page).matchAll(/\]\(([^()\s]+)\)/g)].map(([, target = '']) => target);

    expect(targets.filter((target) => !leads(page, target))).toEqual([]);
  });

  it('names files and folders that exist', () => {
    const paths = codeSpans(page).filter(isPath);

    expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('names commands of bulk-notify that exist, with options that they take', () => {
    const lines = [...codeSpans(page), ...fencedLines(page)].flatMap(
      (line) => /\bbulk-notify (?=[a-z])([^#|>]+)/.exec(line)?.[1] ?? [],
    );

    expect(lines.filter((line) => !isCommand(line))).toEqual([]);
  });
});

describe('the documentation', () => {
  it('names metrics that exist', () => {
    const { api, worker } = serviceMetrics();
    const series = [...api, ...worker].flatMap((metric) => [metric.name, ...seriesOf(metric)]);
    const named = pages.flatMap((page) => read(page).match(/\bbulk_notify_\w+/g) ?? []);

    // The name of a role of the database.
    const known = [...series, 'bulk_notify_reader'];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it('names variables that the service reads', () => {
    const configuration = read('docs/configuration.md');
    const named = pages.flatMap(codeSpans).filter((span) => /^[A-Z]{3,}(?:_[A-Z]+)+$/.test(span));

    const unknown = named.filter((name) => !configuration.includes(name));
    expect(unknown.filter((name) => !OTHER_NAMES.includes(name))).toEqual([]);
  });
});

describe('README.md', () => {
  it('fits on a page or two', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(91);
  });

  it('leads to every page of docs/', () => {
    const text = read('README.md');
    const pagesOfDocs = pages.filter((page) => dirname(page) === 'docs');

    expect(pagesOfDocs.filter((page) => !text.includes(`(${page})`))).toEqual([]);
  });
});

function leads(page: string, target: string): boolean {
  if (/^https?:/.test(target)) return true;
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
  if (!existsSync(join(ROOT, file))) return false;
  return anchor === undefined || headings(file).includes(anchor);
}

/** As GitHub makes anchors of headings. */
function headings(page: string): string[] {
  const titles = [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title);
  return titles.map((title) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function codeSpans(page: string): string[] {
  return [...prose(page).matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
}

/** The lines of its code blocks; one that is continued is one line. */
function fencedLines(page: string): string[] {
  const blocks = read(page).match(/^ *```[\s\S]+?^ *```$/gm) ?? [];
  return blocks.flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'));
}

function isCommand(line: string): boolean {
  const words = line.trim().split(/\s+/);
  if (words[0] === 'help') return true;
  const command = COMMANDS.find(({ name }) =>
    name.split(' ').every((word, at) => words[at] === word),
  );
  const options = words.flatMap((word) => /^--([a-z-]+)/.exec(word)?.[1] ?? []);
  return command !== undefined && options.every((name) => name in optionsOf(command));
}

/** A path in this repository, not one on a server: its first folder is ours. */
function isPath(span: string): boolean {
  const [folder = ''] = span.split('/');
  return (
    /^[\w./-]+$/.test(span) &&
    !['', '.'].includes(folder) &&
    span.includes('/') &&
    existsSync(join(ROOT, folder))
  );
}
