/** What the schema cannot tell: references, the order of starts, and what we ask of our services. */
export function checkCompose({ compose, interpolate, exists, secretsScript, gitignore }) {
  const faults = [];
  const { services = {}, volumes = {}, secrets = {} } = compose;

  for (const [name, service] of Object.entries(services)) {
    const fault = (message) => faults.push(`docker-compose.yml: ${name}: ${message}`);
    checkImage(service, interpolate, fault);
    checkDependencies(name, services, fault);
    checkMounts(service, { volumes, secrets, interpolate, exists }, fault);
    checkDurations(service, fault);
    if (service.build) checkOurs(service, fault);
  }
  for (const [name, { file }] of Object.entries(secrets)) {
    const fault = (message) => faults.push(`docker-compose.yml: secret ${name}: ${message}`);
    if (!file?.startsWith('./secrets/')) fault('is not a file in ./secrets');
    if (!secretsScript.includes(`secret ${name} `)) fault('is not made by deploy/make-secrets.sh');
    if (!Object.values(services).some((service) => service.secrets?.includes(name))) {
      fault('is given to no service');
    }
  }
  if (!/^\/?secrets\/$/m.test(gitignore)) faults.push('.gitignore: secrets/ is not ignored');
  return faults;
}

function checkImage({ image }, interpolate, fault) {
  if (!image) return fault('has no image with a version');
  const tag = /:([^:/@]+)(?:@sha256:[0-9a-f]{64})?$/.exec(interpolate(image))?.[1];
  if (!tag || !/\d\.\d/.test(tag)) fault(`${image} is not pinned: give its version as the tag`);
}

function checkDependencies(name, services, fault) {
  const { profiles, depends_on: dependencies = {} } = services[name];
  for (const [other, { condition, required = true }] of Object.entries(dependencies)) {
    const target = services[other];
    if (!target) {
      fault(`depends on ${other}, which is no service`);
      continue;
    }
    if (condition === 'service_healthy' && !target.healthcheck?.test) {
      fault(`waits for the health of ${other}, which has no health check`);
    }
    if (condition === 'service_completed_successfully' && !isOneShot(target)) {
      fault(`waits for the end of ${other}, which is restarted for ever`);
    }
    if (required && target.profiles?.some((profile) => !profiles?.includes(profile))) {
      fault(`depends on ${other}, which runs in a profile only: add required: false`);
    }
  }
  if (waitsForItself(name, services)) fault('waits for itself');
}

function waitsForItself(name, services) {
  const seen = new Set();
  const queue = Object.keys(services[name].depends_on ?? {});
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (next === name) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    queue.push(...Object.keys(services[next]?.depends_on ?? {}));
  }
  return false;
}

function checkMounts(service, { volumes, secrets, interpolate, exists }, fault) {
  for (const mount of service.volumes ?? []) {
    const [source] = interpolate(mount).split(':');
    if (source.startsWith('.')) {
      if (!exists(source)) fault(`mounts ${source}, which does not exist`);
    } else if (!(source in volumes)) fault(`mounts ${source}, which is no volume`);
  }
  for (const name of service.secrets ?? []) {
    if (!(name in secrets)) fault(`is given ${name}, which is no secret`);
  }
  for (const value of Object.values(service.environment ?? {})) {
    const name = /^\/run\/secrets\/(.+)$/.exec(value ?? '')?.[1];
    if (name && !service.secrets?.includes(name))
      fault(`reads the secret ${name} without having it`);
  }
  for (const port of service.ports ?? []) {
    if (!/^(?:\d+\.){3}\d+:\d+:\d+$/.test(interpolate(port))) {
      fault(`publishes ${port} on every address of the host: name one`);
    }
  }
}

function checkDurations({ healthcheck = {}, stop_grace_period: grace }, fault) {
  const {
    interval,
    timeout,
    start_period: startPeriod,
    start_interval: startInterval,
  } = healthcheck;
  for (const duration of [interval, timeout, startPeriod, startInterval, grace]) {
    if (duration !== undefined && seconds(duration) === undefined) {
      fault(`${duration} is no duration: write it as 1m30s`);
    }
  }
}

function checkOurs(service, fault) {
  if (!service.healthcheck?.test && !isOneShot(service)) {
    fault('has no health check, and is not run just once');
  }
  if (!service.restart) fault('has no restart policy');
  if (!service.init)
    fault('has no init: as PID 1 node ignores SIGTERM until its handlers are there');
  if (!service.read_only) fault('may write to its root file system');
  if (!service.cap_drop?.includes('ALL')) fault('keeps capabilities of root');
  if (!service.security_opt?.includes('no-new-privileges:true')) fault('may gain privileges');

  const heap = /--max-old-space-size=(\d+)/.exec(service.environment?.NODE_OPTIONS)?.[1];
  const limit =
    { m: 1, g: 1024 }[service.mem_limit?.at(-1)] * Number.parseInt(service.mem_limit, 10);
  if (Boolean(heap) !== Boolean(limit) || heap > 0.8 * limit) {
    fault('needs a heap limit (NODE_OPTIONS) of at most 80 % of its memory limit (mem_limit)');
  }
}

const isOneShot = ({ restart = 'no' }) => restart === 'no' || restart.startsWith('on-failure');

function seconds(duration) {
  const [whole, hours = 0, minutes = 0, rest = 0] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return whole ? Number(hours) * 3600 + Number(minutes) * 60 + Number(rest) : undefined;
}
