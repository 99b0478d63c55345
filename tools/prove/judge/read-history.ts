import type { Client } from '@temporalio/client';
import { tsToMs } from '@temporalio/common/lib/time';

export interface HistoryLine {
  at: number;
  what: string;
}

/** Workflow tasks do not help to understand a delivery. */
const OMITTED = /^workflowTask/;

/** One line per event, over all runs of a task. */
export async function readHistory(client: Client, taskId: string): Promise<HistoryLine[]> {
  const lines: HistoryLine[] = [];
  for await (const { workflowId, runId } of client.workflow.list({
    query: `TaskId = '${taskId}'`,
  })) {
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    for (const event of events ?? []) {
      const name = Object.keys(event).find((key) => key.endsWith('EventAttributes')) ?? '';
      if (OMITTED.test(name)) continue;
      const attributes = Object(event[name as keyof typeof event]) as Attributes;
      const words = [
        `${runId.slice(-8)} ${name.replace('EventAttributes', '')}`,
        attributes.activityType?.name ?? attributes.markerName ?? attributes.signalName,
        attributes.identity,
        attributes.failure?.message,
      ];
      lines.push({ at: tsToMs(event.eventTime), what: words.filter(Boolean).join(' ') });
    }
  }
  return lines;
}

/** Attributes that identify an event among others of its type. */
interface Attributes {
  activityType?: { name: string };
  markerName?: string;
  signalName?: string;
  identity?: string;
  failure?: { message: string };
}
