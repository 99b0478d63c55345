import type {
  ObservedAttempt,
  ObservedEvent,
  ObservedRun,
  Observations,
  ObservedSubmission,
} from '../judge/observations';

export const TASK = '7f3b1f0e-5b0a-4c55-9f0e-0d6f3c1c2b11';
export const EVENT = `bulk_upload_notification:${TASK}:completed`;
export const OWNER = 'owner@customer.example';
export const MESSAGE_ID = `<bulk.${TASK}.completed@sender.example>`;

export const attempt = (change: Partial<ObservedAttempt> = {}): ObservedAttempt => ({
  eventId: EVENT,
  resend: 0,
  state: 'accepted',
  messageId: MESSAGE_ID,
  recipient: OWNER,
  claimedAt: 1_000,
  settledAt: 2_000,
  ...change,
});

export const run = (change: Partial<ObservedRun> = {}): ObservedRun => ({
  workflowId: EVENT,
  runId: 'run-1',
  startedAt: 500,
  status: 'COMPLETED',
  onlyResend: false,
  state: 'sent',
  shownState: 'sent',
  ...change,
});

export const event = (change: Partial<ObservedEvent> = {}): ObservedEvent => ({
  id: EVENT,
  state: 'sent',
  sentCount: 1,
  ...change,
});

export const upload = (change: Partial<Observations['uploads'][number]> = {}) => ({
  taskId: TASK,
  eventId: EVENT,
  accepted: true,
  address: OWNER,
  resends: [],
  ...change,
});

export const mail = (change: Partial<Observations['taken'][number]> = {}) => ({
  at: 1_500,
  to: OWNER,
  messageId: MESSAGE_ID,
  ...change,
});

export const submission = (change: Partial<ObservedSubmission> = {}): ObservedSubmission => ({
  at: 1_200,
  sender: 'worker-1',
  to: OWNER,
  dotAt: 1_500,
  verdict: 'accepted',
  ...change,
});

/** One upload whose owner got one mail, with the given changes. */
export const observations = (change: Partial<Observations> = {}): Observations => ({
  policy: 'resend',
  uploads: [upload()],
  nuisances: [],
  runs: [run()],
  events: [event()],
  attempts: [attempt()],
  resends: [],
  taken: [mail()],
  refusals: [],
  submissions: [submission()],
  faults: [],
  ...change,
});

/** A parked notification without a mail. */
export const parked = (reason: string, change: Partial<Observations> = {}): Observations =>
  observations({
    runs: [run({ state: 'parked', shownState: 'parked', reason })],
    events: [event({ state: 'parked', reason, sentCount: 0 })],
    attempts: [],
    taken: [],
    ...change,
  });
