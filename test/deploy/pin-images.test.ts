import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { listenHttp, type Listener } from '../../tools/sandbox/network/listen-http';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);
const digestOf = (path: string): string =>
  `sha256:${Buffer.from(path).toString('hex').padEnd(64, '0').slice(0, 64)}`;

let registry: Listener;
let contentType: string;
let directory: string;

/** A registry that requires a token, as Docker's does. */
beforeEach(async () => {
  contentType = 'application/vnd.oci.image.index.v1+json';
  directory = mkdtempSync(join(tmpdir(), 'pin-images-'));
  for (const name of ['docker-compose.yml', 'Dockerfile']) {
    cpSync(join(root, name), join(directory, name));
  }
  registry = await listenHttp((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    if (pathname === '/token') {
      response.end(JSON.stringify({ token: searchParams.get('scope') }));
      return;
    }
    const [repository = '', tag] = pathname.replace('/v2/', '').split('/manifests/');
    const scope = `repository:${repository}:pull`;
    if (request.headers.authorization !== `Bearer ${scope}`) {
      const realm = `http://127.0.0.1:${registry.port}/token`;
      const challenge = `Bearer realm="${realm}",service="registry",scope="${scope}"`;
      response.writeHead(401, { 'WWW-Authenticate': challenge }).end();
      return;
    }
    const headers = {
      'Content-Type': contentType,
      'Docker-Content-Digest': digestOf(`${repository}:${tag}`),
    };
    response.writeHead(200, headers).end();
  });
});

afterEach(async () => {
  await registry.close();
  rmSync(directory, { recursive: true });
});

const pin = () =>
  run(process.execPath, [
    join(root, 'scripts/pin-images.mjs'),
    directory,
    `http://127.0.0.1:${registry.port}`,
  ]);
const read = (name: string): string => readFileSync(join(directory, name), 'utf8');

describe('npm run images:pin', () => {
  it('writes the digest of the index beside each tag, in place of an older one', async () => {
    await pin();

    const ui = digestOf('temporalio/ui:2.53.3');
    expect(read('docker-compose.yml')).toContain(`image: temporalio/ui:2.53.3@${ui}\n`);
    const postgres = digestOf('library/postgres:16.15-bookworm');
    expect(read('docker-compose.yml')).toContain(`&postgres postgres:16.15-bookworm@${postgres}\n`);
    expect(read('Dockerfile')).toContain(
      `FROM node:24.21.0-bookworm-slim@${digestOf('library/node:24.21.0-bookworm-slim')} AS base`,
    );
  });

  it('changes nothing else', async () => {
    const withoutDigests = (text: string) => text.replaceAll(/@sha256:\w+/g, '');
    const before = withoutDigests(read('docker-compose.yml'));

    await pin();

    expect(withoutDigests(read('docker-compose.yml'))).toBe(before);
  });

  it('fails when the tag names no index, and leaves the file as it is', async () => {
    contentType = 'application/vnd.oci.image.manifest.v1+json';
    writeFileSync(join(directory, 'Dockerfile'), 'FROM node:24.21.0-bookworm-slim\n');

    await expect(pin()).rejects.toThrow('without the digest of an index');
    expect(read('Dockerfile')).toBe('FROM node:24.21.0-bookworm-slim\n');
  });
});
