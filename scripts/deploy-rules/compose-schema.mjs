import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';

const { resolve } = createRequire(import.meta.url);
/** The schema of the compose specification, which the package ships. */
const path = join(dirname(resolve('dclint/package.json')), 'schemas', 'compose.schema.json');

// Ajv does not know draft-07 by the URL that $schema gives.
const { $schema: _, ...schema } = JSON.parse(readFileSync(path, 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

export function checkComposeSchema({ compose }) {
  if (validate(compose)) return [];
  return validate.errors.map(
    ({ instancePath, message, params }) =>
      `docker-compose.yml: ${instancePath || '/'} ${message} ${JSON.stringify(params)}`,
  );
}
