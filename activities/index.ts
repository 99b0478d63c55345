import { cancellationSignal } from '@temporalio/activity';
import { type BulkDependencies, createBulkResendActivities } from './bulk-resend/resend-in-bulk';
import { createDeliverOnce } from './deliver-once';
import { containFailures } from './failures/contain-failures';
import { createRecords } from './record-in-ledger';
import { createFindRecipient, type RecipientDependencies } from './recipient/find-recipient';
import { createResolveRecipient } from './recipient/resolve-recipient';
import { createLocalSends } from './send/local-sends';
import { createSendAttempt, type SendDependencies } from './send/send-attempt';
import { createSendMail } from './send/send-mail';
import { createFetchTask, type FetchDependencies, type TaskQuery } from './task/fetch-task';
import { createUploadChecks, type UploadCheckDependencies } from './upload-watch/check-upload';

export type ActivityDependencies = FetchDependencies &
  RecipientDependencies &
  SendDependencies &
  UploadCheckDependencies &
  BulkDependencies & {
    /** The relay's rate limit is the task queue's: a mail is sent through it, from the first attempt on. */
    hasRateLimit: boolean;
    /** Mails on their way to the relay at the same time, from within workflow tasks. */
    localSendsMax: number;
    /** Ends what has not been submitted. */
    shutdown: AbortSignal;
  };

export type Activities = ReturnType<typeof createActivities>;

export function createActivities(deps: ActivityDependencies) {
  const { hasRateLimit, localSendsMax, shutdown } = deps;
  const fetchTask = createFetchTask(deps);
  const findRecipient = createFindRecipient(deps);
  const attemptSend = createSendAttempt({ ...deps, findRecipient });
  const sendLocally = createLocalSends(localSendsMax, shutdown);
  return containFailures({
    deliverOnce: createDeliverOnce({
      ...{ fetchTask, findRecipient, attemptSend, sendLocally, hasRateLimit },
    }),
    fetchTask: (query: TaskQuery) => fetchTask(query, cancellationSignal()),
    resolveRecipient: createResolveRecipient(findRecipient),
    sendMail: createSendMail(attemptSend),
    ...createRecords(deps),
    ...createUploadChecks(deps),
    ...createBulkResendActivities(deps),
  });
}
