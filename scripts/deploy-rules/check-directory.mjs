import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { checkClusterVersions } from './cluster-versions.mjs';
import { checkCompose } from './compose.mjs';
import { checkComposeSchema } from './compose-schema.mjs';
import { checkDockerfile } from './dockerfile.mjs';
import { checkEnvironment } from './environment.mjs';
import { checkImages } from './images.mjs';
import { checkLockFiles } from './lock-file.mjs';
import { checkNetworks } from './networks.mjs';
import { checkNodeVersions } from './node-versions.mjs';

const checks = [
  checkComposeSchema,
  checkCompose,
  checkNetworks,
  checkImages,
  checkClusterVersions,
  checkEnvironment,
  checkDockerfile,
  checkLockFiles,
  checkNodeVersions,
];

const lockFiles = ['package-lock.json', 'test/interop/support/haraka/package-lock.json'];

/** What is wrong with the image and the services of the project in that directory: a line each. */
export function checkDirectory(directory) {
  const read = (path) => readFileSync(join(directory, path), 'utf8');
  const composeText = read('docker-compose.yml');
  const document = parseDocument(composeText, { merge: true });
  if (document.errors.length > 0) {
    return document.errors.map(({ message }) => `docker-compose.yml: ${message}`);
  }
  const { examples, secretNames } = parseExamples(read('.env.example'));
  const project = {
    composeText,
    compose: document.toJS(),
    examples,
    secretNames,
    configuration: parseConfiguration(read('docs/configuration.md')),
    dockerfile: read('Dockerfile'),
    dockerignore: read('.dockerignore'),
    gitignore: read('.gitignore'),
    manifest: JSON.parse(read('package.json')),
    ciRun: read('.ci/run'),
    locks: lockFiles.map((path) => [path, JSON.parse(read(path))]),
    secretsScript: read('deploy/make-secrets.sh'),
    clusterBinaries: read('tools/sandbox/cluster/cluster-binaries.ts'),
    exists: (path) => existsSync(join(directory, path)),
    interpolate: (text) => interpolate(String(text), examples),
  };
  return checks.flatMap((check) => check(project));
}

/** Names with their values; a name that is commented out keeps its default, and has no value. */
function parseExamples(text) {
  const examples = new Map();
  const secretNames = new Set();
  let remark = '';
  for (const line of text.split('\n')) {
    const [, comment, name, value] = /^(# )?([A-Z][A-Z0-9_]*)=(.*)$/.exec(line) ?? [];
    if (name) examples.set(name, comment ? undefined : value);
    if (name && remark.startsWith('# Secret:')) secretNames.add(name);
    remark = line;
  }
  return { examples, secretNames };
}

/** The rows of the tables that `npm run docs:configuration` writes. */
function parseConfiguration(page) {
  const rows = page.matchAll(/^\| `([A-Z][A-Z0-9_]*)`( ✱)? *\|[^|]*\|[^|]*\|([^|]*)\|[^|]*\|$/gm);
  return [...rows].map(([, name, mark, readBy]) => {
    const commands =
      readBy.trim() === 'all' ? ['api', 'worker', 'setup'] : readBy.trim().split(', ');
    return { name, secret: Boolean(mark), readBy: commands };
  });
}

function interpolate(text, examples) {
  return text.replaceAll(
    /\$\{(\w+)(?::?-([^}]*))?\}/g,
    (_, name, fallback = '') => examples.get(name) || fallback,
  );
}
