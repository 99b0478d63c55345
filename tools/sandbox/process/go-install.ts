import { findOnPath } from './find-on-path';
import { type Run, runTool } from './run-tool';

/** Builds programs into `directory` from published Go packages, written `path@version`. */
export async function goInstall(directory: string, packages: string[], run: Run): Promise<void> {
  const go = findOnPath('go', run.env);
  if (go === undefined) throw new Error('there is no `go` on PATH');

  run.progress(`${run.doing} (${run.usually})`);
  // Static, as the published images are built: such a program runs in any container.
  const env = { ...run.env, CGO_ENABLED: '0', GOBIN: directory };
  await runTool(go, ['install', ...packages], { ...run, env });
}
