/** Services that may join a network, and so reach each other. */
const members = {
  'temporal-database': ['postgres', 'temporal-schema', 'temporal'],
  database: ['postgres', 'setup', 'api', 'worker', 'dev-tables'],
  temporal: ['temporal', 'temporal-ui', 'setup', 'api', 'worker'],
  relay: ['worker', 'mailpit'],
  metrics: ['api', 'worker', 'prometheus', 'grafana'],
  internet: ['setup', 'api', 'worker'],
};
const masquerade = 'com.docker.network.bridge.enable_ip_masquerade';

/** A compromised service must not reach services that it does not use. */
export function checkNetworks({ compose }) {
  const faults = [];
  const { services = {}, networks = {} } = compose;

  for (const [name, { networks: joined, network_mode: mode }] of Object.entries(services)) {
    const fault = (message) => faults.push(`docker-compose.yml: ${name}: ${message}`);
    if (!joined && mode !== 'none')
      fault('has no networks of its own: it would join the default one');
    for (const network of joined ?? []) {
      if (!(network in networks)) fault(`joins ${network}, which is no network`);
      if (members[network]?.includes(name) === false) {
        fault(`must not join the network ${network}`);
      }
    }
  }
  for (const [name, options] of Object.entries(networks)) {
    const fault = (message) => faults.push(`docker-compose.yml: network ${name}: ${message}`);
    if (name === 'internet') continue;
    if (name in members) {
      if (!options?.internal) fault('leads out of this host: make it internal');
      continue;
    }
    const joined = Object.values(services).filter((service) => service.networks?.includes(name));
    if (joined.length !== 1) fault('must have one service, whose port it publishes');
    if (options?.driver_opts?.[masquerade] !== 'false') fault(`leads out: set ${masquerade}`);
  }
  return faults;
}
