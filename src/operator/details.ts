import { parseWorkflowId } from '../../workflows/core/workflow-id';
import { watchId } from '../../workflows/upload-watch/watch-id';
import { describeNotification } from './describe-notification';
import { describeWatch } from './describe-watch';
import type { Inquiry } from './inquiry';
import type { LedgerReader } from './ledger-reader';
import type { NotificationRun, NotificationRuns } from './notification-runs';
import type { NotificationDetail, WatchDetail } from './shown';

export interface DetailDependencies {
  ledger: LedgerReader;
  runs: NotificationRuns;
  /** The page of a run in the Temporal UI. */
  runUrlOf?: (workflowId: string, runId: string) => string;
  /** GIVE_UP_AFTER of the workers, if it is known. */
  giveUpAfterMs?: number;
  now?: () => Date;
}

export type Details = ReturnType<typeof createDetails>;

/** Merges what the ledger and Temporal know; undefined: neither knows it. */
export function createDetails(deps: DetailDependencies, inquiry: Inquiry) {
  const { ledger, runs, runUrlOf, giveUpAfterMs, now = () => new Date() } = deps;

  async function notificationOf(eventId: string): Promise<NotificationDetail | undefined> {
    const identity = parseWorkflowId(eventId);
    const [{ answer: recorded }, { answer: run, wasAsked }] = await Promise.all([
      inquiry.ofLedger(ledger.read(eventId)),
      inquiry.ofTemporal(runs.describe(eventId)),
    ]);
    const createdAt = recorded?.notification.createdAt ?? run?.startedAt;
    if (!identity || createdAt === undefined) return undefined;
    const known = { recorded, run, isTemporalKnown: wasAsked, giveUpAfterMs, now: now() };
    const { attempts = [], resends = [], notification } = recorded ?? {};
    const { userId, fileName, emailCount } = { ...run?.shown, ...notification };
    return {
      ...notification,
      ...{ eventId, ...identity, createdAt, userId, fileName, emailCount },
      ...{ reason: undefined, ...describeNotification(known), attempts, resends },
      ...(run ? runFacts(eventId, run) : wasAsked && { runStatus: 'forgotten' }),
    };
  }

  function runFacts(eventId: string, { startedBy, startedAt, status, runId }: NotificationRun) {
    return {
      ...(startedBy === 'webhook' && { webhookAt: startedAt }),
      ...{ startedBy, runStatus: status, ...linkTo(eventId, runId) },
    };
  }

  async function watchOf(taskId: string): Promise<WatchDetail | undefined> {
    const { answer: watch } = await inquiry.ofTemporal(runs.describeWatch(taskId));
    if (!watch) return undefined;
    const { userId, status, startedAt, runId } = watch;
    return {
      ...{ taskId, userId, status, startedAt, sentence: describeWatch(watch, now()) },
      ...linkTo(watchId(taskId), runId),
    };
  }

  const linkTo = (workflowId: string, runId: string) =>
    runUrlOf && { runUrl: runUrlOf(workflowId, runId) };

  return { notificationOf, watchOf };
}
