import type { BulkRequest } from '../../workflows/core/bulk-request';
import type { BulkSelection } from './bulk-identity';

/** The latest run of a bulk resend. */
export interface BulkRun {
  status: 'open' | 'completed' | 'cancelled' | 'failed';
  runId: string;
  /** Why it does not go on at the moment, without addresses. */
  failure?: string;
}

/** The runs of bulk resends in Temporal. Every call rejects when Temporal cannot be reached. */
export interface BulkRuns {
  /** False: there is an open or a completed run, and nothing was started. */
  start(bulkId: string, request: Omit<BulkRequest, 'resendWindowMs'>): Promise<boolean>;
  /** What the latest run was started for; undefined without one. */
  readSelection(bulkId: string): Promise<BulkSelection | undefined>;
  /** Undefined: there was none, or Temporal has forgotten it. */
  describe(bulkId: string): Promise<BulkRun | undefined>;
  /** Once and again the same; false: the run ended otherwise, or there is none. */
  cancel(bulkId: string): Promise<boolean>;
}
