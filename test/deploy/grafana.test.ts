import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(join(__dirname, '../..', path), 'utf8');

interface Compose {
  services: Record<string, { volumes: string[]; networks: string[] }>;
}

interface Dashboard {
  panels: { type: string; datasource?: object }[];
  templating: { list: { name: string; type: string; query: string }[] };
}

const { services } = parse(read('docker-compose.yml'), { merge: true }) as Compose;
const dashboard = JSON.parse(read('deploy/grafana/dashboards/bulk-notify.json')) as Dashboard;
const [source] = (
  parse(read('deploy/grafana/provisioning/datasources/prometheus.yml')) as {
    datasources: { type: string; url: string; isDefault: boolean }[];
  }
).datasources;
const [provider] = (
  parse(read('deploy/grafana/provisioning/dashboards/bulk-notify.yml')) as {
    providers: { type: string; options: { path: string } }[];
  }
).providers;

/** Where docker-compose.yml mounts a directory of deploy/grafana. */
function mountOf(directory: string): string | undefined {
  const mounts = services.grafana?.volumes.map((volume) => volume.split(':')) ?? [];
  return mounts.find(([from]) => from === `./deploy/grafana/${directory}`)?.[1];
}

describe('the provisioning of Grafana', () => {
  it('is mounted where Grafana looks for it', () => {
    expect(mountOf('provisioning')).toBe('/etc/grafana/provisioning');
  });

  it('finds the dashboards where docker-compose.yml mounts them', () => {
    expect(provider).toMatchObject({ type: 'file', options: { path: mountOf('dashboards') } });
  });

  it('asks the Prometheus of docker-compose.yml, over a network that both are on', () => {
    const { prometheus, grafana } = services;
    expect(source).toMatchObject({
      type: 'prometheus',
      url: 'http://prometheus:9090',
      isDefault: true,
    });
    expect(grafana?.networks.filter((it) => prometheus?.networks.includes(it))).toEqual([
      'metrics',
    ]);
  });

  it('has the data source that each panel of the dashboard asks', () => {
    const asked = dashboard.panels.filter(({ type }) => type !== 'row').map((it) => it.datasource);
    const [variable] = dashboard.templating.list;

    expect(variable).toMatchObject({ type: 'datasource', query: source?.type });
    expect(new Set(asked.map((it) => JSON.stringify(it)))).toEqual(
      new Set([JSON.stringify({ type: source?.type, uid: `\${${variable?.name}}` })]),
    );
  });
});
