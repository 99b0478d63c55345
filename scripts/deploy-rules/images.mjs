/** A tag can be moved to another image; a digest cannot. */
export function checkImages({ compose, dockerfile }) {
  const faults = [];
  const images = [
    ...Object.entries(compose.services ?? {})
      .filter(([, { build, image }]) => !build && image)
      .map(([name, { image }]) => [`docker-compose.yml: ${name}`, image]),
    ...[...dockerfile.matchAll(/^FROM (\S*:\S+)/gm)].map(([, image]) => ['Dockerfile', image]),
  ];
  for (const [place, image] of images) {
    if (!/@sha256:[0-9a-f]{64}$/.test(image)) {
      faults.push(`${place}: ${image} has no digest: npm run images:pin writes it`);
    }
  }
  return faults;
}
