import { goInstall } from '../process/go-install';
import type { Progress } from '../process/progress';

export interface Build {
  version: string;
  env: NodeJS.ProcessEnv;
  progress: Progress;
}

/** Builds `temporal` from its published Go module into `directory`. */
export function buildTemporal(directory: string, { version, ...run }: Build): Promise<void> {
  return goInstall(directory, [`github.com/temporalio/cli/cmd/temporal@v${version}`], {
    ...run,
    doing: 'building the Temporal dev server, once',
    usually: 'about 4 minutes on two cores',
  });
}
