import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onFreePorts } from '../../../tools/sandbox/network/on-free-ports';
import { programDirectory, startForeground } from './foreground';
import { program } from './program';

/** NSD with the zone `example.`, whose records are given as in a zone file, with relative names. */
export async function startNsd(records: string) {
  const nsd = program('nsd');
  const { path: directory, remove } = programDirectory('nsd');
  const zone = join(directory, 'example.zone');
  writeFileSync(
    zone,
    `$ORIGIN example.\n$TTL 60\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n${records}\n`,
  );

  return onFreePorts([undefined], async ([port]) => {
    const file = join(directory, 'nsd.conf');
    writeFileSync(
      file,
      `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  zonesdir: "${directory}"
  database: ""
  pidfile: "${join(directory, 'pid')}"
  xfrdfile: "${join(directory, 'xfrd')}"
  zonelistfile: "${join(directory, 'zones')}"
  xfrdir: "${directory}"
remote-control:
  control-enable: no
zone:
  name: example.
  zonefile: "${zone}"
`,
    );
    const start = { args: ['-d', '-c', file], port: port as number, directory };
    const running = await startForeground(nsd, start);
    return {
      server: `127.0.0.1:${port}`,
      log: running.log,
      async close() {
        await running.stop();
        remove();
      },
    };
  });
}
