import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { plantedValues } from './planted-values';

export interface Leak {
  /** Within the records: the test file, and what was recorded during it. */
  file: string;
  line: number;
  name: string;
  excerpt: string;
}

const EXCERPT_CHARS = 60;
const ANY = new RegExp(plantedValues.map(({ pattern }) => pattern.source).join('|'), 'i');

/** Finds planted values in the records, one of a kind in a line. */
export async function scanRecords(directory: string): Promise<Leak[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const leaks: Leak[] = [];
  for (const { parentPath, name } of files) {
    leaks.push(...(await scanFile(directory, join(parentPath, name))));
  }
  return leaks;
}

async function scanFile(directory: string, path: string): Promise<Leak[]> {
  const leaks: Leak[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    line++;
    if (!ANY.test(text)) continue;
    for (const { name, pattern } of plantedValues) {
      const at = text.search(pattern);
      if (at < 0) continue;
      const excerpt = text.slice(Math.max(0, at - EXCERPT_CHARS), at + EXCERPT_CHARS);
      leaks.push({ file: relative(directory, path), line, name, excerpt });
    }
  }
  return leaks;
}

const LISTED_MAX = 200;

export function describeLeaks(leaks: readonly Leak[], directory: string): string {
  const listed = leaks
    .slice(0, LISTED_MAX)
    .map(({ file, line, name, excerpt }) => `${file}:${line}: ${name}: …${excerpt}…`);
  return [
    `The service gave away ${leaks.length} planted values (test/support/planted-values.ts).`,
    ...listed,
    ...(leaks.length > LISTED_MAX ? [`and ${leaks.length - LISTED_MAX} more`] : []),
    `The records are in ${directory}. A test that has to show one says so by revealing().`,
  ].join('\n');
}
