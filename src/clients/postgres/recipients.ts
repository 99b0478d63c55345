import { transient } from '../../../activities/failures/transient';
import { remedyFor } from '../../../activities/failures/remedies';
import type { RecipientDirectory } from '../../../activities/recipient/recipient-directory';
import type { SendMetrics } from '../../../activities/metrics';
import type { Logger } from '../../telemetry/logger';
import type { Database } from './database';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const QUERY = 'select source, address, confirmed, fault from bulk_notify.find_addresses($1)';
const FAULT = 'NO_RECIPIENTS';
const REPORT_MS = 60_000;

/** Which address a mail goes to: the profile's, else the account's; or the account's once confirmed. */
export type RecipientSource = 'profile_first' | 'confirmed_account';

interface AddressRow {
  source: 'profile' | 'account';
  address: string | null;
  confirmed: boolean | null;
  /** Why this table cannot be read. */
  fault: string | null;
}

interface DirectoryDependencies {
  database: Database;
  source?: RecipientSource;
  logger: Logger;
  metrics?: Pick<SendMetrics, 'countConfigurationError'>;
}

export type Recipients = ReturnType<typeof createRecipientDirectory>;

/**
 * Reads the team's own tables through a function that runs as its owner. A table that cannot be read is
 * a configuration error: the other table is still read, and without an address the mail waits.
 */
export function createRecipientDirectory(deps: DirectoryDependencies) {
  const { database, source: wanted = 'profile_first', logger, metrics } = deps;
  let reportedAt = -Infinity;

  async function ask(userId: string | null): Promise<AddressRow[]> {
    const rows = await database.query<AddressRow>(QUERY, [userId]);
    if (wanted === 'profile_first') return rows;
    return rows.filter(
      ({ source, confirmed, fault }) => source === 'account' && (confirmed || fault),
    );
  }

  function reportUnreadable(faults: string[]): void {
    if (faults.length === 0 || performance.now() - reportedAt < REPORT_MS) return;
    reportedAt = performance.now();
    metrics?.countConfigurationError('database');
    logger.error(
      { faults, remedy: remedyFor('database', FAULT) },
      'database.recipients_unreadable',
    );
  }

  const directory: RecipientDirectory = {
    async findAddresses(userId) {
      if (!UUID.test(userId)) return { reason: 'recipient_missing' };
      const rows = await ask(userId);
      const faults = faultsOf(rows);
      reportUnreadable(faults);
      const addresses = rows.flatMap(({ source, address }) =>
        address === null ? [] : [{ source, text: address }],
      );
      if (addresses.length > 0 || faults.length === 0) return addresses;
      throw transient('DatabaseRefused', `no address can be looked up: ${faults.join('; ')}`, {
        part: 'database',
        code: FAULT,
        nextRetryDelayMs: REPORT_MS,
      });
    },
  };

  return {
    ...directory,
    /** Why tables cannot be read, and whether one is left that can. */
    async check(): Promise<{ faults: string[]; usable: boolean }> {
      const faults = faultsOf(await ask(null));
      return { faults, usable: faults.length < (wanted === 'profile_first' ? 2 : 1) };
    },
  };
}

function faultsOf(rows: AddressRow[]): string[] {
  return rows.flatMap(({ fault }) => (fault === null ? [] : [fault]));
}
