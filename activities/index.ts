import { createFetchTask } from './fetch-task';
import { createResolveRecipient } from './resolve-recipient';
import { createSendMail, type Sender } from './send-mail';
import type { Mailer, RecipientDirectory, TaskApi } from './types';

export interface ActivityDependencies {
  taskApi: TaskApi;
  recipients: RecipientDirectory;
  mailer: Mailer;
  sender: Sender;
}

export type Activities = ReturnType<typeof createActivities>;

export function createActivities(deps: ActivityDependencies) {
  return {
    fetchTask: createFetchTask(deps),
    resolveRecipient: createResolveRecipient(deps),
    sendMail: createSendMail(deps),
  };
}
