import { findOnPath } from '../process/find-on-path';
import type { Progress } from '../process/progress';
import { runTool } from '../process/run-tool';

export interface Build {
  version: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** Builds `temporal` from its published Go module into `directory`. */
export async function buildTemporal(directory: string, build: Build): Promise<void> {
  const go = findOnPath('go', build.env);
  if (go === undefined) throw new Error('there is no `go` on PATH');

  const run = {
    env: { ...build.env, GOBIN: directory },
    progress: build.progress,
    doing: 'building the Temporal dev server, once',
    usually: 'about 4 minutes on two cores',
  };
  build.progress(`${run.doing} (${run.usually})`);
  const module = `github.com/temporalio/cli/cmd/temporal@v${build.version}`;
  await runTool(go, ['install', module], run);
}
