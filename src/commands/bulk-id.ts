import { isBulkId } from '../../workflows/core/bulk-request';
import { UsageError } from './command';

/** The only positional argument of a command about one bulk resend. */
export function bulkIdOf(command: string, [bulkId = '']: string[]): string {
  if (isBulkId(bulkId)) return bulkId;
  throw new UsageError(`${command} needs the ID that bulk resend or bulk list names`);
}
