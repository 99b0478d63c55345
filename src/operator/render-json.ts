type SnakeCase<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : Name;

/** The type of the same data with all names in snake_case. */
export type Json<T> = T extends readonly (infer Item)[]
  ? Json<Item>[]
  : T extends object
    ? { [Name in keyof T as SnakeCase<Name & string>]: Json<T[Name]> }
    : T;

/** The same data with all names in snake_case, as `--json` prints it and the admin API answers it. */
export function renderJson<T>(data: T): Json<T> {
  return render(data) as Json<T>;
}

function render(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(render);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [toSnakeCase(name), render(value)]),
  );
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
