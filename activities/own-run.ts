import { activityInfo } from '@temporalio/activity';

/** The run that this activity belongs to. The workflow's ID is that of the event, or of the bulk resend. */
export function ownRun(): { workflowId: string; runId: string } {
  return activityInfo().workflowExecution ?? { workflowId: '', runId: '' };
}
