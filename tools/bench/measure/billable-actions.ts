import type { History } from '@temporalio/common/lib/proto-utils';

type Event = NonNullable<History['events']>[number];

/**
 * What Temporal Cloud bills for a run, by its history and docs.temporal.io/cloud/actions: each start,
 * each attempt of an activity, each timer, signal, update and upsert; the markers of one workflow
 * task (local activities, side effects) are one. Heartbeats, queries and attempts of activities that
 * are still open leave no event and are not counted.
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
  // One event for all attempts: it is written when the last of them ends.
  if (activityTaskStartedEventAttributes) return activityTaskStartedEventAttributes.attempt ?? 1;
  if (upsertWorkflowSearchAttributesEventAttributes) {
    const { searchAttributes } = upsertWorkflowSearchAttributesEventAttributes;
    const names = Object.keys(searchAttributes?.indexedFields ?? {});
    // The SDK's own, for patched(), is free.
    return names.some((name) => name !== 'TemporalChangeVersion') ? 1 : 0;
  }
  return isOneAction(event) ? 1 : 0;
}

function isOneAction(event: Event): boolean {
  return !!(
    event.workflowExecutionStartedEventAttributes ??
    // A child is two: this one, and the start in the child's own history.
    event.startChildWorkflowExecutionInitiatedEventAttributes ??
    event.signalExternalWorkflowExecutionInitiatedEventAttributes ??
    event.timerStartedEventAttributes ??
    event.workflowExecutionSignaledEventAttributes ??
    event.workflowExecutionUpdateAcceptedEventAttributes ??
    event.workflowExecutionOptionsUpdatedEventAttributes ??
    event.nexusOperationScheduledEventAttributes
  );
}
