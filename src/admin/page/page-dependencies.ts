import type { BulkResends } from '../../operator/bulk-resends';
import type { Previews } from '../../operator/preview-mail';
import type { Resends } from '../../operator/request-resend';
import type { Search } from '../../operator/search';
import type { Logger } from '../../telemetry/logger';

export interface PageDependencies {
  search: Search;
  resends: Resends;
  bulks: BulkResends;
  /** Absent where the sender and the templates of the worker are not known. */
  previews?: Previews;
  adminToken: string;
  logger: Logger;
  now: () => Date;
}
