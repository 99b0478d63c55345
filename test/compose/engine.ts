import { findOnPath } from '../../tools/sandbox/process/find-on-path';
import { createDocker } from './docker';
import { createPodman } from './podman';
import type { CommandResult } from './run-command';
import { tryCommand } from './run-command';

/** What the test asks of a container engine; `run` takes the commands that both engines share. */
export interface Engine {
  name: 'docker' | 'podman';
  /** Without a registry the images are made on this host, under the same names. */
  hasRegistry: boolean;
  run(args: string[]): Promise<CommandResult>;
  /** The compose front end, in the directory of the project. */
  compose(directory: string, args: string[], env: NodeJS.ProcessEnv): Promise<string>;
  build(directory: string, image: string): Promise<void>;
  isHealthy(container: string): Promise<boolean>;
}

/** Docker where its engine answers, else podman. */
export async function findEngine(): Promise<Engine> {
  if (findOnPath('docker', process.env)) {
    const { code } = await tryCommand('docker', ['info']);
    if (code === 0) return createDocker();
  }
  if (findOnPath('podman', process.env)) return createPodman();
  throw new Error(
    'No Docker engine answers, and there is no podman: as root run .ci/install-compose',
  );
}
