import type { z } from 'zod';

/** The sections of docs/configuration.md, in its order. */
export const GROUPS = [
  'Mail relay',
  'Email',
  'Delivery',
  'Provider',
  'Database',
  'Webhook',
  'Uploads',
  'Temporal',
  'Operators',
  'HTTP and log',
] as const;

interface Description<S extends z.ZodType = z.ZodType> {
  schema: S;
  /** Plain sentences for docs/configuration.md. */
  about: string;
  /** What applies without the variable, where the schema has no default that says so. */
  otherwise?: string;
  /** Accepted also from the file that NAME_FILE names. */
  secret?: true;
}

/** One environment variable: how it is checked, and what docs/configuration.md says about it. */
export interface Variable<S extends z.ZodType = z.ZodType> extends Description<S> {
  name: string;
  group: (typeof GROUPS)[number];
}

type Variables<D extends Record<string, Description>> = {
  [Name in keyof D]: Variable<D[Name]['schema']>;
};

/** Adds to each description its name, which is its key, and the group. */
export function describeVariables<const D extends Record<string, Description>>(
  group: Variable['group'],
  descriptions: D,
): Variables<D> {
  const named = Object.entries(descriptions).map(([name, it]) => [name, { name, group, ...it }]);
  return Object.fromEntries(named) as Variables<D>;
}

/** The same variable for a process that works without it. */
export function optional<S extends z.ZodType>(variable: Variable<S>, otherwise: string) {
  return { ...variable, schema: variable.schema.optional(), otherwise };
}
