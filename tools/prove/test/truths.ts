import type { AttemptTruth, EventTruth, RunTruth, Truths } from '../judge/truths';

export const TASK = '7f3b1f0e-5b0a-4c55-9f0e-0d6f3c1c2b11';
export const EVENT = `bulk_upload_notification:${TASK}:completed`;
export const OWNER = 'owner@customer.example';
export const MESSAGE_ID = `<bulk.${TASK}.completed@sender.example>`;

export const attempt = (change: Partial<AttemptTruth> = {}): AttemptTruth => ({
  eventId: EVENT,
  copy: 0,
  state: 'accepted',
  messageId: MESSAGE_ID,
  recipient: OWNER,
  claimedAt: 1_000,
  settledAt: 2_000,
  ...change,
});

export const run = (change: Partial<RunTruth> = {}): RunTruth => ({
  workflowId: EVENT,
  runId: 'run-1',
  startedAt: 500,
  status: 'COMPLETED',
  onlyResend: false,
  state: 'sent',
  shownState: 'sent',
  ...change,
});

export const event = (change: Partial<EventTruth> = {}): EventTruth => ({
  id: EVENT,
  state: 'sent',
  sentCopies: 1,
  ...change,
});

export const upload = (change: Partial<Truths['uploads'][number]> = {}) => ({
  taskId: TASK,
  eventId: EVENT,
  accepted: true,
  address: OWNER,
  resends: [],
  ...change,
});

export const mail = (change: Partial<Truths['taken'][number]> = {}) => ({
  at: 1_500,
  to: OWNER,
  messageId: MESSAGE_ID,
  ...change,
});

/** One upload whose owner got one mail, apart from what is changed. */
export const truths = (change: Partial<Truths> = {}): Truths => ({
  policy: 'resend',
  uploads: [upload()],
  nuisances: [],
  runs: [run()],
  events: [event()],
  attempts: [attempt()],
  resends: [],
  taken: [mail()],
  refusals: [],
  ...change,
});

/** A notification that is parked, without a mail. */
export const parked = (reason: string, change: Partial<Truths> = {}): Truths =>
  truths({
    runs: [run({ state: 'parked', shownState: 'parked', reason })],
    events: [event({ state: 'parked', reason, sentCopies: 0 })],
    attempts: [],
    taken: [],
    ...change,
  });
