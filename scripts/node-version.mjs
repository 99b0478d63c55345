// node-version.mjs image|floor: prints the Node of the image, or the oldest that package.json allows.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { floorNode, imageNode } from './deploy-rules/node-versions.mjs';

const read = (path) => readFileSync(join(import.meta.dirname, '..', path), 'utf8');
const versions = {
  image: () => imageNode(read('Dockerfile')),
  floor: () => floorNode(JSON.parse(read('package.json'))),
};
console.log(versions[process.argv[2]]());
