import { log } from '@temporalio/activity';
import { parseWorkflowId } from '../workflows/core/workflow-id';
import type { ConcludedAttempt, LedgerChanges } from './ledger';
import type { SendMetrics } from './metrics';
import { ownRun } from './own-run';
import { remedyOf } from './send/conclude-attempt';

/**
 * Counts and logs what a call of an activity has changed in the ledger. Nothing else does: so a call
 * that comes again counts nothing, and the attempt of a lost worker is counted when it is closed.
 */
export function createReportChanges(metrics: SendMetrics) {
  return function reportChanges({ attempts = [], settled, isRequested }: LedgerChanges): void {
    for (const attempt of attempts) reportAttempt(attempt, metrics);
    if (settled) metrics.countSettled(settled.state, settled.reason);
    if (isRequested) metrics.countResendRequest();
  };
}

function reportAttempt(attempt: ConcludedAttempt, metrics: SendMetrics): void {
  const { verdict, configuration } = attempt;
  metrics.countSend(attempt);
  const { taskId, outcome } = parseWorkflowId(ownRun().workflowId) ?? {};
  const facts = { task_id: taskId, outcome, ...attempt, remedy: remedyOf(attempt) };
  if (verdict === 'accepted') {
    log.info('bulk_upload_notification.email_sent', facts);
  } else if (configuration) {
    metrics.countConfigurationError('relay');
    log.error('bulk_upload_notification.smtp_configuration_error', facts);
  } else {
    log.warn('bulk_upload_notification.smtp_send_failed', facts);
  }
}
