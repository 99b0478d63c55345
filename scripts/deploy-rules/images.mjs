/** Their digests could not be looked up yet; `npm run images:pin` writes them where a registry is. */
const withoutDigest = new Set(['temporalio/ui:2.52.1']);

/** A tag can be moved to another image, a digest cannot. */
export function checkImages({ compose, dockerfile }) {
  const faults = [];
  const images = [
    ...Object.entries(compose.services ?? {})
      .filter(([, { build, image }]) => !build && image)
      .map(([name, { image }]) => [`docker-compose.yml: ${name}`, image]),
    ...[...dockerfile.matchAll(/^FROM (\S*:\S+)/gm)].map(([, image]) => ['Dockerfile', image]),
  ];
  for (const [place, image] of images) {
    const pinned = /@sha256:[0-9a-f]{64}$/.test(image);
    const tagged = image.replace(/@.*/, '');
    if (!pinned && !withoutDigest.has(tagged)) {
      faults.push(`${place}: ${image} has no digest: npm run images:pin writes it`);
    }
    if (pinned && withoutDigest.has(tagged)) {
      faults.push(
        `${place}: ${tagged} has a digest now: take it off scripts/deploy-rules/images.mjs`,
      );
    }
  }
  return faults;
}
