import { parseWorkflowId } from '../../../workflows/core/workflow-id';
import type { Truths } from './truths';
import type { Violation } from './violation';

/** Each message at the relay is one that the ledger knows, of a notification that is owed, to its owner. */
export function checkMails({ taken, attempts, uploads }: Truths): Violation[] {
  const attemptOf = new Map(attempts.map((attempt) => [attempt.messageId, attempt]));
  const uploadOf = new Map(uploads.map((upload) => [upload.eventId, upload]));
  return taken.flatMap(({ messageId, to }): Violation[] => {
    const attempt = attemptOf.get(messageId);
    if (!attempt)
      return [{ kind: 'stray mail', taskId: messageId, what: 'the ledger has none such' }];
    const { eventId } = attempt;
    const upload = uploadOf.get(eventId);
    const taskId = upload?.taskId ?? parseWorkflowId(eventId)?.taskId ?? eventId;
    if (!upload) return [{ kind: 'stray mail', taskId, what: `${eventId} is not owed` }];
    if (to === upload.address) return [];
    return [{ kind: 'stray mail', taskId, what: `${messageId} went to ${to}` }];
  });
}
