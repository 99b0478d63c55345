import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes `dist/workflow-bundle.js`, which workers load: nothing is bundled when one starts. */
async function bundleWorkflows(): Promise<void> {
  const dist = join(__dirname, '..');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dist, 'workflows', 'index.js'),
    logger: new DefaultLogger('WARN'),
  });
  writeFileSync(join(dist, 'workflow-bundle.js'), code);
}

void bundleWorkflows();
