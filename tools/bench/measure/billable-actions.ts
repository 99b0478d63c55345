import type { History } from '@temporalio/common/lib/proto-utils';

type Event = NonNullable<History['events']>[number];

/**
 * The actions that Temporal Cloud bills for a run, by its history and docs.temporal.io/cloud/actions:
 * each start, activity attempt, timer, signal, update and upsert; the markers of one workflow task
 * (local activities, side effects) count as one. Heartbeats, queries and attempts of open activities
 * leave no event and are not counted.
 */
export function billableActions({ events }: History): number {
  const tasksWithMarkers = new Set<string>();
  let actions = 0;
  for (const event of events ?? []) {
    const { markerRecordedEventAttributes: marker } = event;
    if (marker) tasksWithMarkers.add(String(marker.workflowTaskCompletedEventId));
    else actions += actionsOf(event);
  }
  return actions + tasksWithMarkers.size;
}

function actionsOf(event: Event): number {
  const { activityTaskStartedEventAttributes, upsertWorkflowSearchAttributesEventAttributes } =
    event;
  // One event for all attempts, written when the last one ends.
  if (activityTaskStartedEventAttributes) return activityTaskStartedEventAttributes.attempt ?? 1;
  if (upsertWorkflowSearchAttributesEventAttributes) {
    const { searchAttributes } = upsertWorkflowSearchAttributesEventAttributes;
    const names = Object.keys(searchAttributes?.indexedFields ?? {});
    // The SDK's own upsert for patched() is free.
    return names.some((name) => name !== 'TemporalChangeVersion') ? 1 : 0;
  }
  return isOneAction(event) ? 1 : 0;
}

function isOneAction(event: Event): boolean {
  return !!(
    event.workflowExecutionStartedEventAttributes ??
    // A child costs two: this one, and the start in its own history.
    event.startChildWorkflowExecutionInitiatedEventAttributes ??
    event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
    event.timerStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.workflowExecutionOptionsUpdatedEventAttributes ??
    event.nexusOperationScheduledEventAttributes
  );
}
