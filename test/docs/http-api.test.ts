import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const ROUTES = ['http', 'webhook', 'upload', 'auth', 'admin'];
/** Codes of `refusal(status, code, …)` and `refused(code, …)`, and of refusals that are values. */
const CODE = /(?:refusal\(\s*\d+,\s*|refused\(\s*|\bcode: )'([a-z_]+)'/g;

const page = readFileSync(join(ROOT, 'docs/http-api.md'), 'utf8');
const source = ROUTES.flatMap((folder) =>
  readdirSync(join(ROOT, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(ROOT, 'src', folder, name), 'utf8')),
).join('\n');

describe('docs/http-api.md', () => {
  it('lists every code of a refusal', () => {
    const codes = [...source.matchAll(CODE)].map(([, code = '']) => code);

    expect(codes.filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
    expect(codes.length).toBeGreaterThan(30);
  });

  it('lists no code that no route answers', () => {
    const refusals = [...page.matchAll(/^\| [45][\dx]{2} ([^|]+)\|/gm)].map(
      ([, cell = '']) => cell,
    );
    const listed = refusals.flatMap((cell) => cell.match(/(?<=`)[a-z_]+(?=`)/g) ?? []);

    expect(listed.filter((code) => !source.includes(`'${code}'`))).toEqual([]);
    expect(listed.length).toBeGreaterThan(30);
  });
});
