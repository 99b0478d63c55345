import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  type ScheduleOptions,
  ScheduleOverlapPolicy,
} from '@temporalio/client';
import { SWEEP_TYPE, type SweepOptions } from '../../workflows/upload-watch/messages';

/** One for each namespace. */
export const SWEEP_SCHEDULE = 'bulk-upload-sweep';

const NOTE = 'Finds uploads whose webhook never came, and starts their notifications.';
/** A run that hangs must not keep the next ones out; one takes minutes. */
const LONGEST_RUN = '2h';

interface SweepSchedule {
  client: Client;
  taskQueue: string;
  everyMs: number;
  options: SweepOptions;
}

/** Creates the schedule of the sweep, or brings it up to date; one that was paused stays paused. */
export async function scheduleSweep({ client, taskQueue, everyMs, options }: SweepSchedule) {
  const schedule: Pick<ScheduleOptions, 'spec' | 'action' | 'policies'> = {
    spec: { intervals: [{ every: everyMs }] },
    action: {
      type: 'startWorkflow',
      workflowType: SWEEP_TYPE,
      workflowId: SWEEP_SCHEDULE,
      taskQueue,
      args: [options],
      workflowRunTimeout: LONGEST_RUN,
      staticSummary: 'Looks for uploads whose webhook never came',
    },
    // After an outage one sweep finds what all the missed ones would have found.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs },
  };
  try {
    const state = { note: NOTE };
    await client.schedule.create({ scheduleId: SWEEP_SCHEDULE, ...schedule, state });
  } catch (err) {
    if (!(err instanceof ScheduleAlreadyRunning)) throw err;
    await client.schedule
      .getHandle(SWEEP_SCHEDULE)
      .update(({ state }) => ({ ...schedule, state: stateOf(state) }));
  }
}

/** Why somebody paused it is worth keeping, too. */
function stateOf({ paused, note, remainingActions }: ScheduleDescription['state']) {
  return { paused, note: paused ? note : NOTE, remainingActions };
}
