import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { findClusterBinaries } from '../../../tools/sandbox/cluster/cluster-binaries';
import { goInstall } from '../../../tools/sandbox/process/go-install';
import { progressOnStderr as progress } from '../../../tools/sandbox/process/progress';
import { cached } from '../cached';
import type { Engine } from '../engine';
import { runCommand } from '../run-command';

const base = 'localhost/bulk-notify-debian';

/** The image that `name.Dockerfile` makes out of these files. */
interface StandIn {
  name: string;
  image: string;
  files: string[];
}

/** Makes what docker-compose.yml and the Dockerfile name, for a host that reaches no registry. */
export async function makeImages(engine: Engine, images: string[]): Promise<void> {
  const named = (repository: string): string => {
    const image = images.find((it) => it.startsWith(`${repository}:`));
    if (image === undefined) throw new Error(`${repository} is no image of ours`);
    return image;
  };
  await makeBase(engine);
  const temporal = await findClusterBinaries({ progress });
  const server = await goModule('go.temporal.io/server', versionOf(named('temporalio/server')));
  const ui = await goModule(
    'github.com/temporalio/ui-server/v2',
    versionOf(named('temporalio/ui')),
  );
  const node = named('node');
  const mailpit = named('axllent/mailpit');
  const standIns: StandIn[] = [
    {
      name: 'node',
      image: node,
      files: [...(await nodeAndNpm(versionOf(node))), '/etc/ssl/certs/ca-certificates.crt'],
    },
    {
      name: 'postgres',
      image: named('postgres'),
      files: [join(__dirname, 'postgres-entrypoint.sh')],
    },
    {
      name: 'temporal-server',
      image: named('temporalio/server'),
      files: [temporal.server, join(server, 'docker/scripts/sh/entrypoint.sh')],
    },
    {
      name: 'temporal-admin-tools',
      image: named('temporalio/admin-tools'),
      files: [temporal.sqlTool],
    },
    {
      name: 'temporal-ui',
      image: named('temporalio/ui'),
      files: [temporal.ui, join(ui, 'config/docker.yaml'), join(ui, 'docker/start-ui-server.sh')],
    },
    { name: 'mailpit', image: mailpit, files: [await mailpitProgram(versionOf(mailpit))] },
    { name: 'prometheus', image: named('prom/prometheus'), files: [] },
  ];
  for (const standIn of standIns) await make(engine, standIn);
}

async function make(engine: Engine, { name, image, files }: StandIn): Promise<void> {
  progress(`making ${image}`);
  const context = await mkdtemp(join(tmpdir(), 'bulk-notify-image-'));
  try {
    for (const file of files) await cp(file, join(context, basename(file)), { recursive: true });
    await cp(join(__dirname, `${name}.Dockerfile`), join(context, 'Dockerfile'));
    await engine.build(context, `docker.io/${image.includes('/') ? '' : 'library/'}${image}`);
  } finally {
    await rm(context, { recursive: true });
  }
}

/** The smallest Debian that apt works in; busybox has the wget of the images on Alpine. */
async function makeBase(engine: Engine): Promise<void> {
  if ((await engine.run(['image', 'exists', base])).code === 0) return;
  const directory = await cached('debian-bookworm', async (target) => {
    progress('making a minimal Debian, once (about a minute)');
    const include = '--include=ca-certificates,busybox';
    const mirror = 'http://deb.debian.org/debian';
    await runCommand('mmdebstrap', [
      '--variant=minbase',
      include,
      'bookworm',
      join(target, 'root.tar'),
      mirror,
    ]);
  });
  const { code, output } = await engine.run(['import', join(directory, 'root.tar'), base]);
  if (code !== 0) throw new Error(`The minimal Debian could not be imported: ${output}`);
}

/** The directories `node` and `npm`, of the packages that npm's registry has of them. */
async function nodeAndNpm(version: string): Promise<string[]> {
  const directory = await cached(`node-${version}`, async (target) => {
    progress(`fetching node ${version}, once`);
    for (const [name, spec] of [
      ['node', `node-linux-${process.arch}@${version}`],
      ['npm', 'npm@11.21.2'],
    ] as const) {
      const pack = ['pack', '--silent', '--pack-destination', target, spec];
      const archive = join(target, await runCommand('npm', pack));
      await runCommand('tar', ['-xzf', archive, '-C', target]);
      await runCommand('mv', [join(target, 'package'), join(target, name)]);
      await rm(archive);
    }
  });
  return [join(directory, 'node'), join(directory, 'npm')];
}

async function mailpitProgram(version: string): Promise<string> {
  const run = {
    env: process.env,
    progress,
    doing: 'building mailpit, once',
    usually: 'about half a minute on two cores',
  };
  const directory = await cached(`mailpit-${version}`, (target) =>
    goInstall(target, [`github.com/axllent/mailpit@v${version}`], run),
  );
  return join(directory, 'mailpit');
}

/** Where Go keeps the sources of a module. */
async function goModule(path: string, version: string): Promise<string> {
  const answer = await runCommand('go', ['mod', 'download', '-json', `${path}@v${version}`]);
  return (JSON.parse(answer) as { Dir: string }).Dir;
}

/** `24.21.0` of node:24.21.0-bookworm-slim. */
function versionOf(image: string): string {
  const version = /:v?(\d[\d.]*)/.exec(image)?.[1];
  if (version === undefined) throw new Error(`${image} names no version`);
  return version;
}
