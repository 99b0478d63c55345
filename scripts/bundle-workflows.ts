import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const DIST = join(__dirname, '..');
const WORKFLOWS = join(DIST, 'workflows');
const INDEX = join(WORKFLOWS, 'index.js');
const BUNDLE = join(DIST, 'workflow-bundle.js');
/** npm writes it on every install, so it is newer than a bundle of another version of the SDK. */
const INSTALLED = join(DIST, '..', 'node_modules', '.package-lock.json');

/** Writes `dist/workflow-bundle.js`, so that workers need not bundle at their start. */
async function bundleWorkflows(): Promise<void> {
  if (isFresh()) return;
  const { code } = await bundleWorkflowCode({
    workflowsPath: INDEX,
    payloadConverterPath: join(WORKFLOWS, 'payload-converter.js'),
    // These modules keep no state, so a worker evaluates them once instead of once for each run.
    preloadModules: ['@temporalio/workflow', INDEX],
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(BUNDLE, code);
}

/** ESLint lets workflows import only themselves and the SDK, so there are no other inputs. */
function isFresh(): boolean {
  const names = readdirSync(WORKFLOWS, { encoding: 'utf8', recursive: true });
  const inputs = names.map((name) => join(WORKFLOWS, name));
  const [bundle, ...times] = [BUNDLE, INSTALLED, __filename, ...inputs].map(changedAt);
  return bundle !== undefined && times.every((time) => time !== undefined && time < bundle);
}

function changedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

void bundleWorkflows();
