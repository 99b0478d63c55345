import { Histogram, type Registry } from 'prom-client';
import { createCounter } from './create-counter';

export type StartedWorkflow = 'notification' | 'upload_watch';
export type StartFailure = 'unavailable' | 'timed_out' | 'overloaded' | 'refused' | 'other';

const WORKFLOWS: StartedWorkflow[] = ['notification', 'upload_watch'];
const CAUSES: StartFailure[] = ['unavailable', 'timed_out', 'overloaded', 'refused', 'other'];

/** How Temporal answers the starts of runs; its SDK measures none of the client's calls. */
export function createStartMetrics(registry: Registry) {
  const seconds = new Histogram({
    name: 'bulk_notify_start_seconds',
    help: 'Time that Temporal takes to start a run, or to refuse it, by workflow: notification, upload_watch',
    labelNames: ['workflow'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
    registers: [registry],
  });
  const failed = createCounter(registry, {
    name: 'bulk_notify_starts_failed_total',
    help: 'Runs that could not be started, by workflow and cause: unavailable, timed_out, overloaded, refused, other',
    labelNames: ['workflow', 'cause'],
    known: WORKFLOWS.flatMap((workflow) => CAUSES.map((cause) => ({ workflow, cause }))),
  });
  return { seconds, failed };
}
