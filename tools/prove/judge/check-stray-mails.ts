import { parseWorkflowId } from '../../../workflows/core/workflow-id';
import type { Observations } from './observations';
import type { Violation } from './violation';

/** Each message at the relay has an attempt in the ledger, an expected notification and its owner as recipient. */
export function checkStrayMails({ taken, attempts, uploads }: Observations): Violation[] {
  const attemptOf = new Map(attempts.map((attempt) => [attempt.messageId, attempt]));
  const uploadOf = new Map(uploads.map((upload) => [upload.eventId, upload]));
  return taken.flatMap(({ messageId, to }): Violation[] => {
    const attempt = attemptOf.get(messageId);
    if (!attempt)
      return [{ kind: 'stray mail', taskId: messageId, what: 'the ledger has no such attempt' }];
    const { eventId } = attempt;
    const upload = uploadOf.get(eventId);
    const taskId = upload?.taskId ?? parseWorkflowId(eventId)?.taskId ?? eventId;
    if (!upload) return [{ kind: 'stray mail', taskId, what: `${eventId} is not expected` }];
    if (to === upload.address) return [];
    return [{ kind: 'stray mail', taskId, what: `${messageId} went to ${to}` }];
  });
}
