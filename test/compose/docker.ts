import type { Engine } from './engine';
import { runCommand, tryCommand } from './run-command';

export function createDocker(): Engine {
  return {
    name: 'docker',
    hasRegistry: true,
    run: (args) => tryCommand('docker', args),
    compose: (cwd, args, env) => runCommand('docker', ['compose', ...args], { cwd, env }),
    async build(cwd, image) {
      await runCommand('docker', ['build', '--tag', image, '.'], { cwd });
    },
    async isHealthy(container) {
      const format = '{{.State.Health.Status}}';
      const { output } = await tryCommand('docker', ['inspect', '--format', format, container]);
      return output === 'healthy';
    },
  };
}
