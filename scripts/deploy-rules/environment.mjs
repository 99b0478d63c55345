/** A service that is given the one does not need the other. */
const substitutes = { DATABASE_URL: 'ADMIN_DATABASE_URL' };

/** .env.example documents every variable: it must hold each name that is read, and no other. */
export function checkEnvironment({ compose, composeText, examples, secretNames, configuration }) {
  const faults = [];
  const interpolated = [...composeText.matchAll(/(?<!\$)\$\{([A-Z][A-Z0-9_]*)/g)].map(
    ([, name]) => name,
  );
  const used = new Set(interpolated);

  for (const [service, { build, environment = {} }] of Object.entries(compose.services ?? {})) {
    if (!build) continue;
    for (const [name, value] of Object.entries(environment)) {
      const secret = name.replace(/_FILE$/, '');
      if (secretNames.has(name)) {
        faults.push(`docker-compose.yml: ${service}: ${name} is a secret: give it as ${name}_FILE`);
      }
      if (secretNames.has(secret)) used.add(secret);
      // Where compose fixes the path of a secret, there is nothing to choose in .env.
      if (!secretNames.has(secret) || value === null) used.add(name);
    }
  }
  for (const name of used) {
    if (!examples.has(name)) {
      faults.push(`.env.example: ${name} is missing, which docker-compose.yml uses`);
    }
  }
  for (const name of examples.keys()) {
    if (!used.has(name)) {
      faults.push(
        `.env.example: ${name} has no effect: docker-compose.yml passes it to no service`,
      );
    }
  }
  for (const { name, secret, readBy } of configuration) {
    if (!examples.has(name)) {
      faults.push(`.env.example: ${name} is missing, which docs/configuration.md has`);
    } else if (secret !== secretNames.has(name)) {
      const as = secret ? 'is a secret: say so' : 'is no secret';
      faults.push(`.env.example: ${name} ${as} in the line above it`);
    }
    for (const service of readBy) {
      const { environment } = compose.services?.[service] ?? {};
      if (environment && !passes(environment, name) && !passes(environment, substitutes[name])) {
        faults.push(`docker-compose.yml: ${service}: reads ${name}, which is not passed on to it`);
      }
    }
  }
  return faults;
}

const passes = (environment, name) => name in environment || `${name}_FILE` in environment;
