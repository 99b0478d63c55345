import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { Variable } from './describe-variables';

export type Environment = Readonly<Record<string, string | undefined>>;

const BYTE_ORDER_MARK = '\ufeff';
const STARTS_WITH_MARK = 'begins with a byte order mark: save it as UTF-8 without one';

/** Every fault in the environment of a process, by variable and without values. */
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
  const variables: Variable[] = [];

  /** What two readers find is one fault. */
  function fault(name: string, message: string): void {
    const text = `${name} ${message}`;
    if (!faults.includes(text)) faults.push(text);
  }

  function read<S extends z.ZodType>(variable: Variable<S>): z.output<S> {
    variables.push(variable);
    if (variable.secret) return readSecret(variable);
    return check(variable, isSet(variable) ? environment[variable.name] : undefined);
  }

  function isSet({ name }: Variable): boolean {
    return Boolean(environment[name]?.trim());
  }

  /** The variables that are set and whose names start with the prefix, trimmed. */
  function startingWith(prefix: string): Record<string, string> {
    return Object.fromEntries(
      Object.entries(environment)
        .map(([name, value = '']): [string, string] => [name, value.trim()])
        .filter(([name, value]) => name.startsWith(prefix) && value),
    );
  }

  function check<S extends z.ZodType>(
    { name, schema }: Variable<S>,
    value: string | undefined,
  ): z.output<S> {
    const parsed = schema.safeParse(value);
    if (!parsed.success) fault(name, parsed.error.issues[0]?.message ?? 'is not valid');
    return parsed.data as z.output<S>;
  }

  /** A secret keeps its blanks but for one line end; it comes from NAME or the file of NAME_FILE. */
  function readSecret<S extends z.ZodType>(variable: Variable<S>): z.output<S> {
    const { name } = variable;
    const value = environment[name] || undefined;
    const file = environment[`${name}_FILE`]?.trim();
    if (value && file) fault(name, `and ${name}_FILE are both set: keep one`);
    const secret = withoutLineEnd(file ? readText(`${name}_FILE`, file) : value);
    if (secret?.startsWith(BYTE_ORDER_MARK)) fault(name, STARTS_WITH_MARK);
    if (secret?.trim() === '') fault(name, 'is blank');
    else if (!file || secret !== undefined) return check(variable, secret);
    return undefined as z.output<S>;
  }

  /** Only UTF-8: decoded from anything else, a secret or a certificate would be a different one. */
  function readText(name: string, path: string): string | undefined {
    try {
      const text = toText(readFileSync(path));
      if (typeof text === 'string') return text;
      fault(name, text.fault);
    } catch (err) {
      fault(name, `names a file that cannot be read (${(err as NodeJS.ErrnoException).code})`);
    }
    return undefined;
  }

  function finish(): void {
    if (faults.length > 0) throw new ConfigurationError(faults);
  }

  return {
    ...{ read, isSet, startingWith, readText, fault, finish },
    faults: faults as readonly string[],
    /** Every variable that was read, set or not. */
    variables: variables as readonly Variable[],
  };
}

function withoutLineEnd(secret: string | undefined): string | undefined {
  return secret?.replace(/\r?\n$/, '');
}

function toText(bytes: Buffer): string | { fault: string } {
  // UTF-16 encodes the ASCII characters of a secret or a certificate with a zero byte each.
  if (isUtf16(bytes)) return { fault: 'names a file in UTF-16: save it as UTF-8' };
  if (!isUtf8(bytes)) return { fault: 'names a file that is not UTF-8 text' };
  const text = bytes.toString();
  return text.startsWith(BYTE_ORDER_MARK)
    ? { fault: `names a file that ${STARTS_WITH_MARK}` }
    : text;
}

function isUtf16(bytes: Buffer): boolean {
  const mark = bytes.subarray(0, 2).toString('hex');
  return mark === 'fffe' || mark === 'feff' || bytes.includes(0);
}

export type EnvironmentReader = ReturnType<typeof createEnvironmentReader>;
