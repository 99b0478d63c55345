import { createBulkReports } from '../clients/postgres/bulk-reports';
import type { Database } from '../clients/postgres/database';
import { createLedgerReader } from '../clients/postgres/ledger-reader';
import { composeMessage } from '../clients/smtp/compose-message';
import type { Sender } from '../../activities/mail/compose-mail';
import { createBulkResends } from '../operator/bulk-resends';
import { createPreviews } from '../operator/preview-mail';
import { createResends } from '../operator/request-resend';
import { createRunUrl } from '../operator/run-url';
import { createSearch } from '../operator/search';
import type { TemporalConfig } from '../config/read-temporal';
import type { Logger } from '../telemetry/logger';
import { createBulkRuns } from '../temporal/bulk-runs';
import type { createTemporalClient } from '../temporal/client';
import { createNotificationRuns } from '../temporal/notification-runs';
import { createNotifications } from '../temporal/notifications';

export interface OperatorSettings {
  temporal: Pick<TemporalConfig, 'taskQueue' | 'namespace'>;
  resendWindowMs: number;
  temporalUiUrl?: string;
  giveUpAfterMs?: number;
}

interface OperatorParts {
  client: ReturnType<typeof createTemporalClient>;
  database: Database;
  logger: Logger;
}

export type Operator = ReturnType<typeof createOperator>;

/** What operators search and do, for the command line, the admin API and the page. */
export function createOperator(
  settings: OperatorSettings,
  { client, database, logger }: OperatorParts,
) {
  const { temporal, resendWindowMs, temporalUiUrl, giveUpAfterMs } = settings;
  const { taskQueue, namespace } = temporal;
  const ledger = createLedgerReader(database);
  const runs = createNotificationRuns({ client });
  const runUrlOf = temporalUiUrl ? createRunUrl(temporalUiUrl, namespace) : undefined;
  const notifications = createNotifications({ client, taskQueue, resendWindowMs });

  return {
    search: createSearch({ ledger, runs, runUrlOf, giveUpAfterMs }),
    resends: createResends({ notifications, ledger, logger }),
    bulks: createBulkResends({
      ...{ ledger, bulkReports: createBulkReports(database), runUrlOf },
      bulkRuns: createBulkRuns({ client, taskQueue, resendWindowMs }),
    }),
    /** With the sender and the templates of the worker. */
    previewsOf: (sender: Sender) => createPreviews({ sender, composeMessage, ledger }),
  };
}
