const indexTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
].join(', ');

/** The current digest of the tag's index, which holds the image of every platform. */
export async function resolveDigest(image, registry = 'https://registry-1.docker.io') {
  const [, repository, tag] = /^(.+):([^:]+)$/.exec(image);
  const path = repository.includes('/') ? repository : `library/${repository}`;
  const url = `${registry}/v2/${path}/manifests/${tag}`;
  const request = (headers = {}) =>
    fetch(url, { method: 'HEAD', headers: { Accept: indexTypes, ...headers } });

  let answer = await request();
  if (answer.status === 401) {
    answer = await request({ Authorization: `Bearer ${await fetchToken(answer)}` });
  }
  const digest = answer.headers.get('docker-content-digest');
  const isIndex = indexTypes.includes(answer.headers.get('content-type') ?? 'none');
  if (answer.ok && isIndex && /^sha256:[0-9a-f]{64}$/.test(digest)) return digest;
  throw new Error(
    `${image}: the registry answered ${answer.status} without the digest of an index`,
  );
}

/** Token authentication of the distribution project: the challenge names the token server. */
async function fetchToken({ headers }) {
  const challenge = headers.get('www-authenticate') ?? '';
  const { realm, ...query } = Object.fromEntries(
    [...challenge.matchAll(/\b(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
  const answer = await fetch(`${realm}?${new URLSearchParams(query)}`);
  if (!answer.ok) throw new Error(`${realm} answered ${answer.status}`);
  const { token, access_token: accessToken } = await answer.json();
  return token ?? accessToken;
}
