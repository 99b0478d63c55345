/** A variable that the source reads: `read('NAME', …)`, `readSecret('NAME', …)`, `template('NAME')`. */
const READ = /\b(?:read\w*|template)\(\s*(?:\w+,\s*)?'([A-Z][A-Z0-9_]+)'/g;

/** .env.example is where an operator looks: it must hold every name, and no name that does nothing. */
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
  for (const [path, source] of configuration) {
    for (const [, name] of source.matchAll(READ)) {
      if (!examples.has(name)) {
        faults.push(`.env.example: ${name} is missing, which ${path} reads`);
      }
    }
  }
  return faults;
}
