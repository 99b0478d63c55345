import { createFetchTask, type FetchDependencies } from './fetch-task';
import { createRecord } from './record';
import { createResolveRecipient, type RecipientDependencies } from './resolve-recipient';
import { createSendMail, type SendMailDependencies } from './send-mail';
import { createSweep, type SweepDependencies } from './sweep';

export type ActivityDependencies = FetchDependencies &
  RecipientDependencies &
  SendMailDependencies &
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
