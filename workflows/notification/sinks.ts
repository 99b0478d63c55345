import { proxySinks, type Sinks } from '@temporalio/workflow';
import type { NothingToSendReason } from '../core/reasons';

/** What the worker is told of a run that no activity knows; a replay does not tell it again. */
export interface NotificationSinks extends Sinks {
  notification: { countNothingToSend(reason: NothingToSendReason): void };
}

export const { notification: notificationSink } = proxySinks<NotificationSinks>();
