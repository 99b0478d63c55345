import type { Client } from '@temporalio/client';

/** A build of the service and where it runs. */
export interface Build {
  /** Path of `cli.js`. */
  cli: string;
  /** For its namespace. */
  client: Client;
  environment(more: Record<string, string>): Record<string, string>;
}
