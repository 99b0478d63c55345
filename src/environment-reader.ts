import { readFileSync } from 'node:fs';
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every fault of a process's environment, by name and without values. */
export class ConfigurationError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(
      `The configuration has ${faults.length} fault(s):\n${faults.map((f) => `  ${f}`).join('\n')}`,
    );
    this.name = 'ConfigurationError';
  }
}

/**
 * Reads variables one by one and collects what is wrong with them; what `read` returns must not be
 * used before `finish`, which throws a ConfigurationError if there was any fault. A blank variable
 * counts as not set.
 */
export function createEnvironmentReader(environment: Environment) {
  const faults: string[] = [];

  function fault(name: string, message: string): void {
    faults.push(`${name} ${message}`);
  }

  function check<S extends z.ZodType>(
    name: string,
    schema: S,
    value: string | undefined,
  ): z.output<S> {
    const parsed = schema.safeParse(value);
    if (!parsed.success) fault(name, parsed.error.issues[0]?.message ?? 'is not valid');
    return parsed.data as z.output<S>;
  }

  function read<S extends z.ZodType>(name: string, schema: S): z.output<S> {
    const value = environment[name];
    return check(name, schema, value?.trim() ? value : undefined);
  }

  /** A secret is taken as it is, from NAME or from the file that NAME_FILE names. */
  function readSecret<S extends z.ZodType>(name: string, schema: S): z.output<S> {
    const value = environment[name] || undefined;
    const file = environment[`${name}_FILE`]?.trim();
    if (value && file) fault(name, `and ${name}_FILE are both set: keep one`);
    const secret = file ? readText(`${name}_FILE`, file)?.replace(/\r?\n$/, '') : value;
    if (secret?.trim() === '') fault(name, 'is blank');
    else if (!file || secret !== undefined) return check(name, schema, secret);
    return undefined as z.output<S>;
  }

  function readText(name: string, path: string): string | undefined {
    try {
      return readFileSync(path, 'utf8');
    } catch (err) {
      fault(name, `names a file that cannot be read (${(err as NodeJS.ErrnoException).code})`);
      return undefined;
    }
  }

  function finish(): void {
    if (faults.length > 0) throw new ConfigurationError(faults);
  }

  return { read, readSecret, readText, fault, finish };
}

export type EnvironmentReader = ReturnType<typeof createEnvironmentReader>;
