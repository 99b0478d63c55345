import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheDirectory } from '../../tools/sandbox/process/cache-directory';
import { cached } from './cached';
import type { Engine } from './engine';
import { runCommand, tryCommand } from './run-command';

const directory = join(cacheDirectory(process.env), 'podman');
const requirements = ['podman-compose==1.6.0', 'PyYAML==6.0.4', 'python-dotenv==1.2.4'];

/** Podman as root with a store of its own, on a host without systemd, whose limits stay as they are. */
export async function createPodman(): Promise<Engine> {
  const settings = await configure();
  const env = { ...process.env, ...settings };
  const frontEnd = await cached('podman-compose-1.6.0', async (target) => {
    const options = ['--quiet', '--no-compile', '--root-user-action=ignore', '--target', target];
    await runCommand('python3', ['-m', 'pip', 'install', ...options, ...requirements]);
  });
  return {
    name: 'podman',
    hasRegistry: false,
    run: (args) => tryCommand('podman', args, { env }),
    compose: (cwd, args, outer) => {
      const command = ['-m', 'podman_compose', '--in-pod', 'false', ...args];
      return runCommand('python3', command, {
        cwd,
        env: { ...outer, ...settings, PYTHONPATH: frontEnd },
      });
    },
    async build(cwd, image) {
      const options = ['--isolation=chroot', '--network=host', '--tag', image];
      await runCommand('podman', ['build', ...options, '.'], { cwd, env });
    },
    // Without systemd podman has no timers for health checks: each call runs the check.
    async isHealthy(container) {
      return (await tryCommand('podman', ['healthcheck', 'run', container], { env })).code === 0;
    },
  };
}

async function configure(): Promise<Record<string, string>> {
  const containers = join(directory, 'containers.conf');
  const storage = join(directory, 'storage.conf');
  await mkdir(join(directory, 'networks'), { recursive: true });
  await writeFile(
    containers,
    `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[network]
network_backend = "netavark"
network_config_dir = "${join(directory, 'networks')}"
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
`,
  );
  await writeFile(
    storage,
    `[storage]
driver = "overlay"
graphroot = "${join(directory, 'storage')}"
runroot = "/run/bulk-notify-podman"
`,
  );
  return {
    CONTAINERS_CONF: containers,
    CONTAINERS_STORAGE_CONF: storage,
    DISABLE_HC_SYSTEMD: 'true',
  };
}
