import { validate } from 'dockerfile-utils';

/** The linter checks the grammar; the other rules are ours for an image in production. */
export function checkDockerfile({ dockerfile, dockerignore }) {
  const faults = validate(dockerfile).map(
    ({ range, message }) => `Dockerfile:${range.start.line + 1}: ${message}`,
  );
  const fault = (message) => faults.push(`Dockerfile: ${message}`);

  const instructions = dockerfile
    .replaceAll(/^[\t ]*#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => /^\s*([A-Z]+)\s+(\S.*)$/i.exec(line))
    .filter((match) => match !== null)
    .map(([, name, rest]) => ({ name: name.toUpperCase(), rest: rest.trim() }));

  const stages = new Set();
  let last = [];
  for (const { name, rest } of instructions) {
    if (name !== 'FROM') {
      last.push({ name, rest });
      continue;
    }
    last = [];
    const [, image, stage] = /^(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(rest) ?? [];
    if (!stages.has(image) && !/:\d+\.\d+\.\d[\w.-]*(?:@sha256:[0-9a-f]{64})?$/.test(image)) {
      fault(`${image} is not pinned: give its full version as the tag`);
    }
    if (stage) stages.add(stage);
  }

  const user = last.findLast(({ name }) => name === 'USER')?.rest;
  if (!user || /^(?:root|0)(?::|$)/.test(user))
    fault('the image runs as root: end with another USER');
  const entrypoint = last.findLast(({ name }) => name === 'ENTRYPOINT')?.rest;
  if (!entrypoint?.startsWith('[')) {
    fault('ENTRYPOINT is not a list: a shell would stand between us and SIGTERM');
  }
  const ignored = dockerignore.split('\n').find((line) => line && !line.startsWith('#'));
  if (ignored !== '*') {
    faults.push('.dockerignore: must ignore everything (*) first, or secrets get into the build');
  }
  for (const [, name] of dockerignore.matchAll(/^!\/?(tools|test)\b/gm)) {
    faults.push(`.dockerignore: lets ${name} into the image, which is built without it`);
  }
  return faults;
}
