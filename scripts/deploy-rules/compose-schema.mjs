import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';

const { resolve } = createRequire(import.meta.url);
/** The compose specification's own schema, as the package ships it. */
const path = join(dirname(resolve('dclint/package.json')), 'schemas', 'compose.schema.json');

// Without $schema, which is draft-07 under a name that Ajv does not know it by.
const { $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

export function checkComposeSchema({ compose }) {
  if (validate(compose)) return [];
  return validate.errors.map(
    ({ instancePath, message, params }) =>
      `docker-compose.yml: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}
