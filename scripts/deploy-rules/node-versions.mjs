/** The Node of the image. */
export function imageNode(dockerfile) {
  return /^FROM node:(\d+\.\d+\.\d+)-/m.exec(dockerfile)?.[1];
}

/** The oldest Node that package.json allows. */
export function floorNode({ engines }) {
  const [, version] = /^>=(\d+\.\d+)$/.exec(engines?.node ?? '') ?? [];
  return version && `${version}.0`;
}

/** CI reads the versions from this project, so that it tests the Node of the image and the oldest. */
export function checkNodeVersions({ dockerfile, manifest, ciRun }) {
  const [image, floor] = [imageNode(dockerfile), floorNode(manifest)];
  if (!image) return ['Dockerfile: the image of Node is not pinned to a version'];
  if (!floor) return ['package.json: engines.node is not like >=20.19'];
  const faults = [];
  if (compare(image, floor) < 0) {
    faults.push(`Dockerfile: Node ${image} is older than engines.node in package.json`);
  }
  const types = manifest.devDependencies?.['@types/node'];
  if (types?.split('.')[0] !== floor.split('.')[0]) {
    faults.push(`package.json: @types/node ${types} is not for the oldest Node, ${floor}`);
  }
  for (const which of ['image', 'floor']) {
    if (!ciRun.includes(`node-version.mjs ${which}`)) {
      faults.push(`.ci/run: does not test on the Node of the ${which} (node-version.mjs ${which})`);
    }
  }
  return faults;
}

function compare(a, b) {
  return a.localeCompare(b, 'en', { numeric: true });
}
