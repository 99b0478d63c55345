import { createFetchTask, type FetchDependencies } from './fetch-task';
import { createRecord } from './record';
import { createResolveRecipient, type RecipientDependencies } from './resolve-recipient';
import type { SendDependencies } from './send-attempt';
import { createSendMail } from './send-mail';
import { createSweep, type SweepDependencies } from './sweep';

export type ActivityDependencies = FetchDependencies &
  RecipientDependencies &
  SendDependencies &
  SweepDependencies;

export type Activities = ReturnType<typeof createActivities>;

export function createActivities(deps: ActivityDependencies) {
  return {
    fetchTask: createFetchTask(deps),
    resolveRecipient: createResolveRecipient(deps),
    ...createSendMail(deps),
    ...createRecord(deps),
    ...createSweep(deps),
  };
}
