import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadApiConfig, loadWorkerConfig } from '../../src/config/config';
import { ConfigurationError, type Environment } from '../../src/config/environment-reader';
import { workerEnvironment } from './environment';

export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;
export const NO_URL = 'must be an http or https URL without user, query and fragment';

export function faultsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (err) {
    if (err instanceof ConfigurationError) return err.faults;
    throw err;
  }
  return [];
}

export const apiFaults = (environment: Environment) => faultsOf(() => loadApiConfig(environment));

export const worker = (change: Environment) => loadWorkerConfig(workerEnvironment(change));
export const workerFaults = (change: Environment) => faultsOf(() => worker(change));

/** The value with blanks around it, for variables that are trimmed. */
export const padded = (value: string) => ` \t${value}\n`;

/** Writes files into a directory that is removed after the tests of the file that calls this. */
export function scratchFiles() {
  const directory = mkdtempSync(join(tmpdir(), 'config-test-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  return {
    directory,
    file(name: string, content: string | Buffer): string {
      const path = join(directory, name);
      writeFileSync(path, content);
      return path;
    },
  };
}
