import { cancellationSignal } from '@temporalio/activity';
import { containFailures } from './failures/contain-failures';
import { createFetchTask, type FetchDependencies } from './task/fetch-task';
import { createNotifyAtOnce } from './notify-at-once';
import { createRecord } from './record';
import { createResolveRecipient, type RecipientDependencies } from './recipient/resolve-recipient';
import { createSendMail, type SendMailDependencies } from './send/send-mail';
import { createUploadChecks, type UploadCheckDependencies } from './upload-watch/check-upload';

export type ActivityDependencies = FetchDependencies &
  RecipientDependencies &
  SendMailDependencies &
  UploadCheckDependencies;

export type Activities = ReturnType<typeof createActivities>;

export function createActivities(deps: ActivityDependencies) {
  const fetchTask = createFetchTask(deps);
  const resolveRecipient = createResolveRecipient(deps);
  const send = createSendMail(deps);
  return containFailures({
    fetchTask: (taskId: string, isVerified: boolean) =>
      fetchTask({ taskId, isVerified }, cancellationSignal()),
    resolveRecipient,
    ...send,
    notifyAtOnce: createNotifyAtOnce({ fetchTask, resolveRecipient, ...send }),
    ...createRecord(deps),
    ...createUploadChecks(deps),
  });
}
