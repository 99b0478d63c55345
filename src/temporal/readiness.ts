import type { Client } from '@temporalio/client';
import type { Readiness } from '../http/readiness';
import { grpcCodeOf, NOT_FOUND, PERMISSION_DENIED, UNIMPLEMENTED } from './grpc-code';
import { compareAttributes } from './namespace';

/** Temporal Cloud answers some questions about a namespace so; they are no fault. */
const NOT_FOR_US = [PERMISSION_DENIED, UNIMPLEMENTED];
const PROBE_TIMEOUT_MS = 1_000;

/** Whether Temporal answers, and has what `setup` makes: the namespace and its search attributes. */
export function createTemporalReadiness(client: Client): () => Promise<Readiness> {
  const { namespace } = client.options;

  async function check(): Promise<string[]> {
    try {
      await client.workflowService.describeNamespace({ namespace });
    } catch (err) {
      if (grpcCodeOf(err) !== NOT_FOUND) throw err;
      return [`Temporal has no namespace ${namespace}. Run bulk-notify setup`];
    }
    const { missing = [], wrong = [] } = (await compareAttributes(client)) ?? {};
    const absent = `Namespace ${namespace} lacks search attributes: ${missing.join(', ')}`;
    const odd = `Search attributes of another type than Keyword: ${wrong.join(', ')}`;
    return [
      ...(missing.length > 0 ? [`${absent}. Run bulk-notify setup`] : []),
      ...(wrong.length > 0 ? [odd] : []),
    ];
  }

  return async function probeTemporal() {
    try {
      const deadline = Date.now() + PROBE_TIMEOUT_MS;
      const checks = await client.withDeadline(deadline, check);
      return { ready: checks.length === 0, checks };
    } catch (err) {
      if (NOT_FOR_US.includes(grpcCodeOf(err) ?? 0)) return { ready: true };
      return { ready: false, checks: ['Temporal does not answer'] };
    }
  };
}
