// pin-images.mjs [DIRECTORY [REGISTRY]]: writes the current digest of each tag beside it, in
// docker-compose.yml and the Dockerfile. Run it after changing a tag, and review the result.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { resolveDigest } from './resolve-digest.mjs';

const [directory = join(import.meta.dirname, '..'), registry] = process.argv.slice(2);
/** An image with a version, and its digest if there is one. Our own image is built, not pulled. */
const reference = /^( *(?:image: (?:&\w+ )?|FROM ))([\w./-]+:[\w.-]*\d[\w.-]*)(@sha256:\w+)?/gm;

for (const name of ['docker-compose.yml', 'Dockerfile']) {
  const path = join(resolve(directory), name);
  const text = readFileSync(path, 'utf8');
  const digests = new Map();
  for (const [, , image] of text.matchAll(reference)) {
    digests.set(image, await resolveDigest(image, registry));
    console.log(`${name}: ${image}@${digests.get(image)}`);
  }
  writeFileSync(
    path,
    text.replaceAll(reference, (_, before, image) => `${before}${image}@${digests.get(image)}`),
  );
}
