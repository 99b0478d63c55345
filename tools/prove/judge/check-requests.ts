import type { Observations } from './observations';
import type { Violation } from './violation';

/** Genuine requests are acknowledged, acknowledged resends are recorded, and forged webhooks start no run. */
export function checkRequests({ uploads, nuisances, resends, runs }: Observations): Violation[] {
  const recorded = new Set(resends.map(({ eventId, requestId }) => `${eventId} ${requestId}`));
  return [
    ...uploads.flatMap(({ taskId, eventId, accepted, resends: requests }): Violation[] => [
      ...when(!accepted, { kind: 'not accepted', taskId, what: 'no webhook was answered 200' }),
      ...requests.flatMap(({ requestId, acknowledged }) => [
        ...when(!acknowledged, { kind: 'not accepted', taskId, what: `resend ${requestId}` }),
        ...when(acknowledged && !recorded.has(`${eventId} ${requestId}`), {
          ...{ kind: 'resend lost', taskId, what: `${requestId} is not in the ledger` },
        }),
      ]),
    ]),
    ...nuisances.flatMap(({ taskId, nuisance, statuses }): Violation[] => {
      const started = runs.some(({ workflowId }) => workflowId.includes(taskId));
      const isAccepted = started || statuses.some((status) => status < 400);
      return when(isAccepted, {
        ...{ kind: 'nuisance accepted', taskId },
        what: `${nuisance}: answered ${statuses.join()}${started ? ', has a run' : ''}`,
      });
    }),
  ];
}

const when = (holds: boolean, violation: Violation): Violation[] => (holds ? [violation] : []);
