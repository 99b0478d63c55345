/** The same data with all names in snake_case, as every JSON of this service has them. */
export function snakeCase(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(snakeCase);
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [toSnakeCase(name), snakeCase(value)]),
  );
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
